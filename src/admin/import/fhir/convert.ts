import { MINUTE_MS } from '../../../core/clock.ts';
import {
  flawWords,
  type Plan,
  type PlannedPut,
  type PlannedRemoval,
  type PlannedSlot,
  plannedPut,
  type Remark,
} from '../plan.ts';
import { type MappedAppointment, mapAppointment, statusMeaning } from './appointment.ts';
import { element, elements } from './element.ts';
import { mapHealthcareService } from './healthcare-service.ts';
import { readInstant } from './instant.ts';
import { type BranchFlags, mapLocation, topPlace } from './location.ts';
import { partiesOf } from './parties.ts';
import { mapPatient } from './patient.ts';
import { mapPractitioner } from './practitioner.ts';
import type { BundleContents } from './read-bundle.ts';
import { createResourceIndex, type Entry, type ResourceIndex, type Target } from './resource-index.ts';
import { type MappedSlot, mapSlot } from './slot.ts';
import type { Workplaces } from './workplaces.ts';

/** What the command line adds to a file of FHIR. */
export interface ConversionOptions {
  readonly flags: BranchFlags;
  /** The branch of visits that name no place. */
  readonly defaultBranch: { readonly key: string; readonly name?: string } | null;
  readonly now: Date;
}

const READ = [
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'Location',
  'HealthcareService',
  'Appointment',
  'Slot',
  'Schedule',
];

/** Turns FHIR R4 resources into upserts of the HTTP contract. Pure; what is wrong or left out is named, never thrown. */
export function convertResources(contents: BundleContents, options: ConversionOptions): Plan {
  const index = createResourceIndex(contents.entries);
  const bad: Remark[] = [...contents.bad];
  const leftOut: Remark[] = [...contents.leftOut, ...unread(contents.entries)];
  const rolesWorkplaces = workplacesOf(index, options);

  const removals: PlannedRemoval[] = [];
  const visits: MappedAppointment[] = [];
  for (const entry of index.ofType('Appointment')) {
    const meaning = statusMeaning(entry);
    const { label } = entry;
    if (meaning === null) bad.push({ label, words: 'status: is no status of FHIR R4' });
    else if (meaning === 'leaveOut') leftOut.push({ label, words: 'is on a waiting list' });
    else if (meaning === 'remove') removals.push({ key: entry.key, label });
    else if (isOnlyAsked(entry)) leftOut.push({ label, words: 'is proposed without a time' });
    else {
      const { value, flaws } = mapAppointment(entry, meaning, index, rolesWorkplaces);
      if (value === null) bad.push({ label, words: flawWords(flaws) });
      else visits.push(value);
    }
  }
  for (const { type, key, label } of contents.deleted) {
    if (type === 'Appointment') removals.push({ key, label });
    else leftOut.push({ label, words: 'is deleted there; here it stays' });
  }
  const slots: MappedSlot[] = [];
  for (const entry of index.ofType('Slot')) {
    const { value, flaws } = mapSlot(entry, index, rolesWorkplaces);
    if (value !== null) slots.push(value);
    else if (entry.resource['status'] === 'free') bad.push({ label: entry.label, words: flawWords(flaws) });
  }
  const planned: readonly PlannedSlot[] = slots.map(({ slot }) => slot);
  const mentioned = [...visits, ...slots].flatMap((each) => each.mentioned);
  return {
    puts: [
      ...branchPuts(index, mentioned, options),
      ...doctorPuts(index, mentioned, workersOf(rolesWorkplaces, visits, planned), options.now),
      ...servicePuts(index, mentioned, visits),
      ...index.ofType('Patient').map((entry) => mapPatient(entry, options.now)),
      ...visits.map(({ put }) => put),
    ],
    removals,
    slots: planned,
    bad,
    leftOut,
  };
}

/** Resources that no part of the service has a place for, told once a kind. */
function unread(entries: readonly Entry[]): readonly Remark[] {
  const counts = new Map<string, number>();
  for (const { type } of entries) if (!READ.includes(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => ({
    label: `${count} ${type.replace(/[^A-Za-z]/g, '').slice(0, 64)}`,
    words: 'is not read',
  }));
}

/** A wish for a visit at no time yet is nothing to remind of. */
function isOnlyAsked({ resource }: Entry): boolean {
  return (
    ['proposed', 'pending'].includes(String(resource['status'])) &&
    resource['start'] === undefined &&
    elements(resource['slot']).length === 0
  );
}

function branchesOf(index: ResourceIndex): readonly Entry[] {
  const tops = index.ofType('Location').map((entry) => topPlace(targetOf(entry), index));
  return index.ofType('Location').filter(({ key }) => tops.some((top) => top.key === key));
}

function workplacesOf(index: ResourceIndex, { defaultBranch }: ConversionOptions): Workplaces {
  const ofDoctor = new Map<string, Set<string>>();
  for (const role of index.ofType('PractitionerRole')) {
    const { doctors, places } = partiesOf([{ reference: `PractitionerRole/${role.key}` }], role, index);
    for (const { key } of doctors)
      for (const place of places) ofDoctor.set(key, (ofDoctor.get(key) ?? new Set()).add(place.key));
  }
  const branches = branchesOf(index);
  const only = branches.length === 1 ? (branches[0]?.key ?? null) : null;
  return { ofDoctor, otherwise: defaultBranch?.key ?? only };
}

function workersOf(
  workplaces: Workplaces,
  visits: readonly MappedAppointment[],
  slots: readonly PlannedSlot[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const all = new Map([...workplaces.ofDoctor].map(([doctor, branches]) => [doctor, new Set(branches)]));
  const seen = [...visits.map(({ doctor, branch }) => ({ doctor: doctor.key, branch })), ...slots];
  for (const { doctor, branch } of seen) all.set(doctor, (all.get(doctor) ?? new Set()).add(branch));
  return all;
}

function branchPuts(
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

function doctorPuts(
  index: ResourceIndex,
  mentioned: readonly Target[],
  workers: ReadonlyMap<string, ReadonlySet<string>>,
  now: Date,
): readonly PlannedPut[] {
  const branches = (doctor: string): readonly string[] => [...(workers.get(doctor) ?? [])];
  const rolesOf = (doctor: Entry): readonly Entry[] =>
    index
      .ofType('PractitionerRole')
      .filter((role) => index.resolve(element(role.resource['practitioner']), role)?.key === doctor.key);
  return [
    ...index
      .ofType('Practitioner')
      .map((entry) => mapPractitioner(entry, { roles: rolesOf(entry), branches: branches(entry.key), now })),
    ...[...outside(mentioned, 'Practitioner'), ...outside(mentioned, 'PractitionerRole')].map(({ key, display }) =>
      onlyMentioned('doctor', key, display, { branches: branches(key) }),
    ),
  ];
}

function servicePuts(
  index: ResourceIndex,
  mentioned: readonly Target[],
  visits: readonly MappedAppointment[],
): readonly PlannedPut[] {
  const minutes = new Map<string, number[]>();
  for (const { put } of visits) {
    const [start, end] = [readInstant(put.body['start']), readInstant(put.body['end'])];
    const services = Array.isArray(put.body['services']) ? (put.body['services'] as readonly string[]) : [];
    if (start === null || end === null || end <= start || services.length !== 1) continue;
    const length = Math.ceil((end.getTime() - start.getTime()) / MINUTE_MS);
    for (const service of services) minutes.set(service, [...(minutes.get(service) ?? []), length]);
  }
  return [
    ...index.ofType('HealthcareService').map((entry) => mapHealthcareService(entry, minutes.get(entry.key) ?? [])),
    ...outside(mentioned, 'HealthcareService').map(({ key, display }) => {
      const length = mapHealthcareService({ label: '', type: '', key, resource: {} }, minutes.get(key) ?? []).fallback;
      return { ...onlyMentioned('service', key, display, {}), fallback: length };
    }),
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
