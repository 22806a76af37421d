import { DateTime } from 'luxon';
import type { Appointment } from '../../core/appointment.ts';
import type { Branch } from '../../core/branch.ts';
import { dayTitle, localDay } from '../../core/day-choices.ts';
import type { Locale } from '../../core/locale.ts';
import type { VisitFact } from '../machines/facts.ts';
import type { ConversationStores } from './deps.ts';

/** `HH:MM` of an instant in a zone. */
export function localTime(at: Date, zone: string): string {
  return DateTime.fromJSDate(at, { zone }).toFormat('HH:mm');
}

/** The visits as they stand, in words of a language; by start, those that are gone last. */
export async function visitFacts(
  stores: Pick<ConversationStores, 'appointments' | 'branches' | 'doctors' | 'patients'>,
  ids: readonly string[],
  locale: Locale,
  now: Date,
): Promise<readonly VisitFact[]> {
  if (ids.length === 0) return [];
  const found = await stores.appointments.getMany(ids);
  const doctors = new Map(
    (await stores.doctors.getMany(distinct(found, 'doctor'))).map((doctor) => [doctor.id, doctor]),
  );
  const patientIds = distinct(found, 'patient');
  const patients = patientIds.length > 1 ? await stores.patients.getMany(patientIds) : [];
  const branches = new Map<string, Branch | null>();
  for (const id of distinct(found, 'branch')) branches.set(id, await stores.branches.get(id));
  const facts = [...found]
    .sort((left, right) => left.start.getTime() - right.start.getTime())
    .map((visit): VisitFact => {
      const zone = branches.get(visit.branch)?.timezone ?? 'UTC';
      return {
        id: visit.id,
        state: stateOf(visit, now),
        confirmed: visit.status === 'confirmed',
        version: visit.version,
        day: dayTitle(localDay(visit.start, zone), locale),
        time: localTime(visit.start, zone),
        doctor: doctors.get(visit.doctor)?.name ?? '',
        patient: patients.find((patient) => patient.id === visit.patient)?.firstName ?? null,
        since: dayTitle(localDay(visit.statusAt, zone), locale),
        calendarUrl: calendarUrl(visit, doctors.get(visit.doctor)?.name ?? '', branches.get(visit.branch)),
      };
    });
  const gone = ids.filter((id) => !found.some((visit) => visit.id === id));
  return [...facts, ...gone.map(goneVisit)];
}

function distinct(visits: readonly Appointment[], field: 'doctor' | 'patient' | 'branch'): readonly string[] {
  return [...new Set(visits.map((visit) => visit[field]))];
}

function stateOf(visit: Appointment, now: Date): VisitFact['state'] {
  if (visit.status === 'cancelled') return 'cancelled';
  const ahead = visit.start > now && (visit.status === 'unconfirmed' || visit.status === 'confirmed');
  return ahead ? 'live' : 'past';
}

function goneVisit(id: string): VisitFact {
  return {
    id,
    state: 'gone',
    confirmed: false,
    version: 0,
    day: '',
    time: '',
    doctor: '',
    patient: null,
    since: '',
    calendarUrl: '',
  };
}

/** A link that opens a filled-in entry of Google's calendar. */
function calendarUrl(visit: Appointment, doctor: string, branch: Branch | null | undefined): string {
  const stamp = (at: Date) => at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const url = new URL('https://calendar.google.com/calendar/render');
  url.searchParams.set('action', 'TEMPLATE');
  url.searchParams.set('text', [doctor, branch?.nameInMessages ?? branch?.name].filter(Boolean).join(', '));
  url.searchParams.set('dates', `${stamp(visit.start)}/${stamp(visit.end)}`);
  if (branch?.address !== undefined) url.searchParams.set('location', branch.address);
  return url.href;
}
