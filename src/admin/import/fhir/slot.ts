import { DAY_MS } from '../../../core/clock.ts';
import type { Flaw } from '../../../core/errors.ts';
import type { Mapped, PlannedSlot } from '../plan.ts';
import { text } from './element.ts';
import type { Entry, Target } from './entry.ts';
import { readInstant } from './instant.ts';
import type { ResourceIndex } from './resource-index.ts';
import { partiesOfSlot } from './schedule.ts';
import { branchFor, type Workplaces } from './workplaces.ts';

/** A slot, with the people and places that it mentions. */
export interface MappedSlot {
  readonly slot: PlannedSlot;
  readonly mentioned: readonly Target[];
}

/** Slot → free slot of a branch; its schedule says whose it is. Busy and mistaken ones come back as not free. */
export function mapSlot(entry: Entry, index: ResourceIndex, workplaces: Workplaces): Mapped<MappedSlot> {
  const { resource, label } = entry;
  const parties = partiesOfSlot(entry, index);
  const [doctor] = parties.doctors;
  const branch = doctor === undefined ? null : branchFor([parties], doctor, workplaces);
  const [start, end] = [readInstant(resource['start']), readInstant(resource['end'])];
  const flaws: Flaw[] = [
    ...(doctor === undefined ? [{ path: 'schedule', message: 'leads to no practitioner' }] : []),
    ...(doctor !== undefined && branch === null ? [{ path: 'schedule', message: 'leads to no location' }] : []),
    ...(start === null ? [{ path: 'start', message: 'must be an instant with an offset' }] : []),
    ...(end === null ? [{ path: 'end', message: 'must be an instant with an offset' }] : []),
    ...(start !== null && end !== null ? lengthFlaws(start, end) : []),
  ];
  if (flaws.length > 0 || doctor === undefined || branch === null || start === null || end === null)
    return { value: null, flaws };
  const services = parties.services.map(({ key }) => key);
  const free = text(resource['status']) === 'free';
  return {
    value: {
      slot: { branch, label, free, doctor: doctor.key, services, start, end },
      mentioned: [doctor, ...parties.places, ...parties.services],
    },
    flaws: null,
  };
}

function lengthFlaws(start: Date, end: Date): readonly Flaw[] {
  const lengthMs = end.getTime() - start.getTime();
  if (lengthMs <= 0) return [{ path: 'end', message: 'must be after start' }];
  return lengthMs > DAY_MS ? [{ path: 'end', message: 'must be within 24 hours of start' }] : [];
}
