import { flawWords, type Plan, type PlannedRemoval, type PlannedSlot, type Remark } from '../plan.ts';
import { type MappedAppointment, mapAppointment, statusMeaning } from './appointment.ts';
import { branchesOf, branchPuts, type ConversionOptions, doctorPuts, servicePuts } from './clinic-puts.ts';
import { elements } from './element.ts';
import type { Entry } from './entry.ts';
import { partiesOf } from './parties.ts';
import { mapPatient } from './patient.ts';
import type { BundleContents } from './read-bundle.ts';
import { createResourceIndex, type ResourceIndex } from './resource-index.ts';
import { type MappedSlot, mapSlot } from './slot.ts';
import type { Workplaces } from './workplaces.ts';

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
