import type { AppointmentStatus } from '../../../core/appointment.ts';
import type { Flaw } from '../../../core/errors.ts';
import { type Mapped, type PlannedPut, plannedPut } from '../plan.ts';
import { type Element, element, elements, text } from './element.ts';
import type { Entry, Target } from './entry.ts';
import { instantText, minutesAfter, readInstant } from './instant.ts';
import { type NamedOnly, participantsByName } from './participants.ts';
import { type Parties, partiesOf } from './parties.ts';
import type { ResourceIndex } from './resource-index.ts';
import { partiesOfSlot } from './schedule.ts';
import { servicesByType } from './service-type.ts';
import { branchFor, type Workplaces } from './workplaces.ts';

/** What becomes of an appointment of that status. */
export type StatusMeaning = AppointmentStatus | 'remove' | 'leaveOut';

const STATUS: Readonly<Record<string, StatusMeaning>> = {
  proposed: 'unconfirmed',
  pending: 'unconfirmed',
  booked: 'unconfirmed',
  arrived: 'started',
  'checked-in': 'started',
  fulfilled: 'completed',
  cancelled: 'cancelled',
  noshow: 'noShow',
  'entered-in-error': 'remove',
  waitlist: 'leaveOut',
};

/** A put, with the people and places that it mentions. */
export interface MappedAppointment {
  readonly put: PlannedPut;
  readonly doctor: Target;
  readonly branch: string;
  readonly mentioned: readonly Target[];
}

/** What the status asks for; null for one that FHIR R4 does not have. */
export function statusMeaning({ resource }: Entry): StatusMeaning | null {
  return STATUS[text(resource['status']) ?? ''] ?? null;
}

/** Appointment → appointment: people and place from its participants, else from its slot's schedule. */
export function mapAppointment(
  entry: Entry,
  status: AppointmentStatus,
  index: ResourceIndex,
  workplaces: Workplaces,
): Mapped<MappedAppointment> {
  const { resource, key, label } = entry;
  const participants = elements(resource['participant']);
  const named = participantsByName(entry, index);
  const own = partiesOf(
    participants.filter(isComing).map(({ actor }) => element(actor)),
    entry,
    index,
  );
  const slots = elements(resource['slot']).flatMap((slot) => index.resolve(slot, entry)?.entry ?? []);
  const parties: readonly Parties[] = [own, named.parties, ...slots.map((slot) => partiesOfSlot(slot, index))];
  const doctor = doctorOf(parties, named);
  const branch = doctor === null ? null : branchFor(parties, doctor, workplaces);
  const [patient, secondPatient] = own.patients;
  const flaws: Flaw[] = [
    ...(patient === undefined ? [{ path: 'participant.actor', message: 'names no patient by reference' }] : []),
    ...(secondPatient === undefined ? [] : [{ path: 'participant.actor', message: 'names several patients' }]),
    ...(doctor === null ? [{ path: 'participant.actor', message: 'names no practitioner' }] : []),
    ...(doctor !== null && branch === null
      ? [
          {
            path: 'participant.actor',
            message: 'names no location (give --branch-name to use one for all such visits)',
          },
        ]
      : []),
  ];
  const times = timesOf(resource, slots[0]);
  if (times.start === undefined && status !== 'cancelled') flaws.push({ path: 'start', message: 'is missing' });
  if (times.start !== undefined && times.end === undefined) flaws.push({ path: 'end', message: 'is missing' });
  if (flaws.length > 0 || patient === undefined || doctor === null || branch === null) return { value: null, flaws };
  const services = parties.find((each) => each.services.length > 0)?.services ?? servicesByType(entry, index);
  const accepted = status === 'unconfirmed' && hasAccepted(participants, patient, entry, index);
  const bookedAt = instantText(resource['created']);
  const changedAt = text(element(resource['meta'])['lastUpdated']);
  const put = plannedPut({
    type: 'appointment',
    key,
    label,
    body: {
      patient: patient.key,
      branch,
      doctor: doctor.key,
      services: services.map((service) => service.key),
      ...times,
      status: accepted ? 'confirmed' : status,
      ...(bookedAt !== undefined && { bookedAt }),
      ...(changedAt !== undefined && { changedAt }),
    },
    fields: {
      patient: 'participant.actor',
      doctor: 'participant.actor',
      branch: 'participant.actor',
      services: 'participant.actor',
      bookedAt: 'created',
      changedAt: 'meta.lastUpdated',
    },
  });
  const mentioned = [doctor, ...parties.flatMap((each) => [...each.places, ...each.services]), ...services];
  return { value: { put, doctor, branch, mentioned }, flaws: null };
}

/** A practitioner who declined is not the one of the visit. */
function isComing(participant: Element): boolean {
  const isStaff = /(^|\/)Practitioner(Role)?\//.test(text(element(participant['actor'])['reference']) ?? '');
  return participant['status'] !== 'declined' || !isStaff;
}

/** By reference before by name; a name that is nothing else is whoever the visit is with. */
function doctorOf(parties: readonly Parties[], named: NamedOnly): Target | null {
  for (const { doctors } of parties) if (doctors[0] !== undefined) return doctors[0];
  return named.perhapsDoctor;
}

function timesOf(resource: Element, slot: Entry | undefined): { readonly start?: string; readonly end?: string } {
  const start = text(resource['start']) ?? text(slot?.resource['start']);
  const minutes = resource['minutesDuration'];
  const startsAt = readInstant(start);
  const counted =
    typeof minutes === 'number' && minutes > 0 && startsAt !== null ? minutesAfter(startsAt, minutes) : undefined;
  const end = text(resource['end']) ?? counted ?? text(slot?.resource['end']);
  return { ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
}

function hasAccepted(participants: readonly Element[], patient: Target, entry: Entry, index: ResourceIndex): boolean {
  return participants.some((participant) => {
    const actor = index.resolve(element(participant['actor']), entry);
    return participant['status'] === 'accepted' && actor?.type === 'Patient' && actor.key === patient.key;
  });
}
