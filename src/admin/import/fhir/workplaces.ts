import type { Target } from './entry.ts';
import type { Parties } from './parties.ts';

/** Where an appointment or slot is when it does not say so itself. */
export interface Workplaces {
  /** The branches at which each doctor is known to work, by the doctor's key. */
  readonly ofDoctor: ReadonlyMap<string, ReadonlySet<string>>;
  /** The only branch there is, or the one that the command line names; null where it could be several. */
  readonly otherwise: string | null;
}

/** The branch of a visit: its own place, else the doctor's only one, else the only one there is. Null when it could be several. */
export function branchFor(parties: readonly Parties[], doctor: Target, workplaces: Workplaces): string | null {
  for (const { places } of parties) if (places[0] !== undefined) return places[0].key;
  const [own, ...others] = workplaces.ofDoctor.get(doctor.key) ?? [];
  return own !== undefined && others.length === 0 ? own : workplaces.otherwise;
}
