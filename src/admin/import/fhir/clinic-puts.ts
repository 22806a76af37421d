import { MINUTE_MS } from '../../../core/clock.ts';
import { type PlannedPut, plannedPut } from '../plan.ts';
import type { MappedAppointment } from './appointment.ts';
import { element, texts } from './element.ts';
import type { Entry, Target } from './entry.ts';
import { mapHealthcareService, usualMinutes } from './healthcare-service.ts';
import { readInstant } from './instant.ts';
import { type BranchFlags, mapLocation, topPlace } from './location.ts';
import { mapPractitioner } from './practitioner.ts';
import type { ResourceIndex } from './resource-index.ts';

/** What the command line adds to a file of FHIR. */
export interface ConversionOptions {
  readonly flags: BranchFlags;
  /** The branch of visits that name no place. */
  readonly defaultBranch: { readonly key: string; readonly name?: string } | null;
  readonly now: Date;
}

/** The Locations that are branches: those at the top of some other's `partOf`, or of nobody's. */
export function branchesOf(index: ResourceIndex): readonly Entry[] {
  const tops = new Set(index.ofType('Location').map((entry) => topPlace(targetOf(entry), index).key));
  return index.ofType('Location').filter(({ key }) => tops.has(key));
}

/** Branches of the file, those only mentioned there, and the one that the command line names. */
export function branchPuts(
  index: ResourceIndex,
  mentioned: readonly Target[],
  options: ConversionOptions,
): readonly PlannedPut[] {
  const { flags, defaultBranch, now } = options;
  const named = defaultBranch === null ? [] : [onlyMentioned('branch', defaultBranch.key, defaultBranch.name, flags)];
  return [
    ...named,
    ...branchesOf(index).map((entry) => mapLocation(entry, flags, now)),
    ...outside(mentioned, 'Location').map(({ key, display }) => onlyMentioned('branch', key, display, flags)),
  ];
}

/** Doctors of the file and those only mentioned there; `workers` says at which branches each works. */
export function doctorPuts(
  index: ResourceIndex,
  mentioned: readonly Target[],
  workers: ReadonlyMap<string, ReadonlySet<string>>,
  now: Date,
): readonly PlannedPut[] {
  const branches = (doctor: string): readonly string[] => [...(workers.get(doctor) ?? [])];
  const roles = index.ofType('PractitionerRole').map((role) => ({
    role,
    doctor: index.resolve(element(role.resource['practitioner']), role)?.key,
  }));
  const rolesOf = (key: string): readonly Entry[] => roles.flatMap((each) => (each.doctor === key ? each.role : []));
  return [
    ...index
      .ofType('Practitioner')
      .map((entry) => mapPractitioner(entry, { roles: rolesOf(entry.key), branches: branches(entry.key), now })),
    ...[...outside(mentioned, 'Practitioner'), ...outside(mentioned, 'PractitionerRole')].map(({ key, display }) =>
      onlyMentioned('doctor', key, display, { branches: branches(key) }),
    ),
  ];
}

/** Services of the file and those only mentioned there, as long as the file's visits for them. */
export function servicePuts(
  index: ResourceIndex,
  mentioned: readonly Target[],
  visits: readonly MappedAppointment[],
): readonly PlannedPut[] {
  const minutes = new Map<string, number[]>();
  for (const { put } of visits) {
    const [start, end] = [readInstant(put.body['start']), readInstant(put.body['end'])];
    const [service, ...others] = texts(put.body['services']);
    if (start === null || end === null || end <= start || service === undefined || others.length > 0) continue;
    const lengths = minutes.get(service) ?? [];
    minutes.set(service, lengths);
    lengths.push(Math.ceil((end.getTime() - start.getTime()) / MINUTE_MS));
  }
  return [
    ...index.ofType('HealthcareService').map((entry) => mapHealthcareService(entry, minutes.get(entry.key) ?? [])),
    ...outside(mentioned, 'HealthcareService').map(({ key, display }) =>
      onlyMentioned('service', key, display, { durationMinutes: usualMinutes(minutes.get(key) ?? []) }),
    ),
  ];
}

/** Things that references name without the file holding them: stored under that name unless they are known. */
function outside(mentioned: readonly Target[], type: string): readonly Target[] {
  const missing = mentioned.filter(
    (target) => target.type === type && target.entry === null && target.display !== undefined,
  );
  return [...new Map(missing.map((target) => [target.key, target])).values()];
}

function onlyMentioned(type: PlannedPut['type'], key: string, name: string | undefined, body: object): PlannedPut {
  return plannedPut({ type, key, label: null, body: { ...(name !== undefined && { name }), ...body }, onlyNew: true });
}

function targetOf(entry: Entry): Target {
  return { type: entry.type, key: entry.key, entry, display: undefined };
}
