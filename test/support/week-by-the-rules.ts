import { DateTime } from 'luxon';
import type { ToldClinic, ToldPatient, ToldVisit } from './told-clinic.ts';

/** A message that the rules ask for, as the log and the phones are to show it. */
export interface Expected {
  readonly scenario: string;
  /** The appointment, or the patient for a birthday. */
  readonly subject: string;
  /** The other appointments that it speaks for. */
  readonly also: readonly string[];
  readonly patient: string;
  readonly branch: string;
  /** Local to the branch, with its offset. */
  readonly at: string;
  readonly chat: string;
  readonly price: number;
}

interface Due {
  readonly scenario: string;
  readonly visit: ToldVisit;
  /** Null: the day leaves no moment for it. */
  readonly at: DateTime | null;
  /** The scenario's own conditions and statuses at a moment; the earliest of a group asks for all of it. */
  readonly holds: (at: DateTime) => boolean;
}

const OPEN = ['unconfirmed', 'confirmed'];
const TAKEN = ['started', 'completed'];
const GONE = ['cancelled', 'noShow'];
const GROUPED = ['confirmation', 'reminder'];

/**
 * Every message of the sample clinic between its start and `until`, from a plain reading of scenarios.md and of what the front
 * desk writes down. All patients stay silent, all channels work, money suffices. Shares nothing with src/scenarios.
 */
export function weekByTheRules(
  clinic: ToldClinic,
  span: { readonly from: Date; readonly until: Date },
  linked: ReadonlyMap<string, string>,
): readonly Expected[] {
  const ofPatient = (id: string): readonly ToldVisit[] => clinic.visits.filter(({ patient }) => patient === id);
  const patients = new Map(clinic.patients.map((patient) => [patient.id, patient]));
  const patientOf = ({ patient }: ToldVisit): ToldPatient => {
    const found = patients.get(patient);
    if (found === undefined) throw new Error(`Nobody told of the patient ${patient}.`);
    return found;
  };
  const status = (visit: ToldVisit, at: DateTime): string => statusAt(visit, at, span.from);

  const warming = clinic.visits.flatMap((visit): readonly Due[] => [
    { scenario: 'details', visit, at: droppedOutside(visit.bookedAt, 6, 21), holds: (at) => detailsHold(visit, at) },
    {
      scenario: 'greeting',
      visit,
      at: droppedOutside(visit.bookedAt.plus({ minutes: 5 }), 6, 21),
      holds: (at) => OPEN.includes(status(visit, at)) && isNewOrReturning(visit, at),
    },
    {
      scenario: 'confirmation',
      visit,
      at: confirmationMoment(visit),
      holds: (at) => status(visit, at) === 'unconfirmed',
    },
    {
      scenario: 'reminder',
      visit,
      at: reminderMoment(visit),
      holds: (at) => OPEN.includes(status(visit, at)) && hours(visit.bookedAt, visit.start) >= 4,
    },
    {
      scenario: 'recommendationsBefore',
      visit,
      at: visit.start.minus({ days: 1 }).set({ hour: 16, minute: 0 }),
      holds: (at) => OPEN.includes(status(visit, at)) && day(visit.bookedAt) < day(visit.start),
    },
    {
      scenario: 'recommendationsAfter',
      visit,
      at: deferred(visit.end.plus({ minutes: 5 }), 8, 22),
      holds: (at) => TAKEN.includes(status(visit, at)) && visit.services.some((id) => clinic.advised.has(id)),
    },
    {
      scenario: 'survey',
      visit,
      at: deferred(visit.end.plus({ hours: 3 }), 10, 20),
      holds: (at) => TAKEN.includes(status(visit, at)) && isLastOfDoctorsDay(visit, at),
    },
  ]);
  const warmed = grouped(warming.filter(isAsked));

  const growth = [
    ...clinic.visits.flatMap((visit): readonly Due[] => [
      {
        scenario: 'returnAfterNoShow',
        visit,
        at: visit.start.plus({ days: 1 }).set({ hour: 10, minute: 0 }),
        holds: (at) => status(visit, at) === 'noShow' && mayReturn(visit, at, visit.end),
      },
      {
        scenario: 'returnAfterCancellation',
        visit,
        at: cancelledAt(visit, span.from)?.plus({ days: 1 }).set({ hour: 10, minute: 0 }) ?? null,
        holds: (at) =>
          status(visit, at) === 'cancelled' && mayReturn(visit, at, cancelledAt(visit, span.from) ?? visit.end),
      },
    ]),
  ].filter(isAsked);

  return [...warmed, ...growth.map((due) => message(due)), ...clinic.patients.flatMap(birthdays)].filter(
    ({ at }) => DateTime.fromISO(at) <= DateTime.fromJSDate(span.until),
  );

  /** Shared rules 2 and 9: its switch is on, its moment did not pass before that; and its own conditions. */
  function isAsked({ scenario, visit, at, holds }: Due): boolean {
    return at !== null && at >= DateTime.fromJSDate(span.from) && isOn(visit.branch, scenario) && holds(at);
  }

  function isOn(branch: string, scenario: string): boolean {
    return clinic.on.has(`${branch} ${scenario}`);
  }

  function detailsHold(visit: ToldVisit, at: DateTime): boolean {
    const domestic = patientOf(visit).phone.startsWith(visit.branch === 'pokrovka' ? '+79' : '+393');
    const said = ['online', 'chat', 'telemedicine'].includes(visit.source);
    return OPEN.includes(status(visit, at)) && hours(visit.bookedAt, visit.start) > 2 && !said && domestic;
  }

  /**
   * Earlier is what was booked before. A return that is booked and still ahead was the return: the second booking brings no second
   * greeting (reliability.md, B3: at most once per first visit or 90 days).
   */
  function isNewOrReturning(visit: ToldVisit, at: DateTime): boolean {
    const earlier = ofPatient(visit.patient).filter(
      (other) => other.bookedAt < visit.bookedAt && !GONE.includes(status(other, at)),
    );
    return earlier.every(
      (other) => TAKEN.includes(status(other, at)) && day(other.end.plus({ days: 90 })) <= day(visit.bookedAt),
    );
  }

  function isLastOfDoctorsDay(visit: ToldVisit, at: DateTime): boolean {
    return ofPatient(visit.patient).every(
      (other) =>
        other.doctor !== visit.doctor ||
        day(other.start) !== day(visit.start) ||
        other.start <= visit.start ||
        GONE.includes(status(other, at)),
    );
  }

  function mayReturn(visit: ToldVisit, at: DateTime, fellOut: DateTime): boolean {
    const others = ofPatient(visit.patient).filter(({ id }) => id !== visit.id);
    const stands = others.filter((other) => !GONE.includes(status(other, at)));
    const futureVisit = stands.some(({ start }) => start > at);
    const rebooked = stands.some(({ bookedAt }) => bookedAt >= fellOut);
    return patientOf(visit).advertising && !futureVisit && !rebooked && isWarm(visit.patient, at);
  }

  function isWarm(patient: string, at: DateTime): boolean {
    return warmed.some((one) => one.patient === patient && DateTime.fromISO(one.at) < at);
  }

  /** One confirmation and one reminder per phone, branch and day of visit, at the moment of the earliest. */
  function grouped(asked: readonly Due[]): readonly Expected[] {
    const groups = new Map<string, Due[]>();
    for (const due of asked) {
      const { scenario, visit } = due;
      const together = GROUPED.includes(scenario)
        ? `${patientOf(visit).phone} ${visit.branch} ${day(visit.start)}`
        : visit.id;
      groups.set(`${scenario} ${together}`, [...(groups.get(`${scenario} ${together}`) ?? []), due]);
    }
    return [...groups.values()].flatMap((members) => {
      const [first, ...others] = members.toSorted((a, b) => Number(a.at) - Number(b.at));
      if (first?.at === null || first === undefined) return [];
      const also = others.filter(({ holds }) => first.at !== null && holds(first.at));
      return [
        message(
          first,
          also.map(({ visit }) => visit.id),
        ),
      ];
    });
  }

  function message({ scenario, visit, at }: Due, also: readonly string[] = []): Expected {
    return { ...addressed(scenario, patientOf(visit), visit.branch, at), subject: visit.id, also };
  }

  function addressed(
    scenario: string,
    { id, phone, channel }: ToldPatient,
    branch: string,
    at: DateTime | null,
  ): Omit<Expected, 'subject' | 'also'> {
    const chat = channel === 'telegram' ? linked.get(id) : undefined;
    return {
      scenario,
      patient: id,
      branch,
      at: at?.toISO({ suppressMilliseconds: true }) ?? '',
      chat: chat === undefined ? `whatsapp ${phone}` : `telegram ${chat}`,
      price: chat === undefined ? 100 : 0,
    };
  }

  function birthdays(patient: ToldPatient): readonly Expected[] {
    const from = DateTime.fromJSDate(span.from);
    return [from.year, from.year + 1].flatMap((year) => {
      const latest = (at: DateTime): ToldVisit | undefined =>
        ofPatient(patient.id)
          .filter((visit) => status(visit, at) !== 'cancelled')
          .toSorted((a, b) => Number(b.start) - Number(a.start))[0];
      const born = DateTime.fromISO(patient.birthDate);
      const roughly = born.set({ year, hour: 12 });
      const visit = latest(roughly);
      if (visit === undefined) return [];
      const at = DateTime.fromISO(`${roughly.toISODate() ?? ''}T12:00`, {
        zone: clinic.zones.get(visit.branch) ?? 'utc',
      });
      const enteredThatDay = day(DateTime.fromJSDate(span.from, { zone: at.zone })) === day(at);
      if (at < from || enteredThatDay || !patient.advertising || !isWarm(patient.id, at) || !isOn('', 'birthday'))
        return [];
      return [{ ...addressed('birthday', patient, visit.branch, at), subject: patient.id, also: [] }];
    });
  }
}

/** What the front desk has written down by then: who called to cancel 30 hours ahead, who came and who did not. */
function statusAt(visit: ToldVisit, at: DateTime, from: Date): string {
  const number = deskNumber(visit);
  if (number === null) return visit.status;
  const cancelled = cancelledAt(visit, from);
  if (cancelled !== null) return cancelled <= at ? 'cancelled' : visit.status;
  if (visit.end.plus({ minutes: 4 }) > at) return visit.status;
  return number % 11 === 5 ? 'noShow' : 'completed';
}

function cancelledAt(visit: ToldVisit, from: Date): DateTime | null {
  const number = deskNumber(visit);
  if (number === null || number % 9 !== 4) return null;
  const called = visit.start.minus({ hours: 30 });
  const opened = DateTime.fromJSDate(from, { zone: visit.start.zone });
  return called < opened ? opened : called;
}

/** The desk looks after the sample's own week. */
function deskNumber({ id }: ToldVisit): number | null {
  const [, number] = /^sample-[mr]-(\d+)$/.exec(id) ?? [];
  return number === undefined ? null : Number(number);
}

function confirmationMoment({ start, bookedAt }: ToldVisit): DateTime | null {
  const due = start.minus({ hours: 24 });
  const evening = due.set({ hour: 20, minute: 0 });
  const at = isWithin(due, 9, 21) ? due : evening < due ? evening : evening.minus({ days: 1 });
  return bookedAt > at ? null : at;
}

function reminderMoment({ start }: ToldVisit): DateTime {
  const due = start.minus({ hours: 2 });
  return isWithin(due, 7, 22) ? due : start.minus({ days: 1 }).set({ hour: 20, minute: 0 });
}

function droppedOutside(at: DateTime, from: number, to: number): DateTime | null {
  return isWithin(at, from, to) ? at : null;
}

function deferred(at: DateTime, from: number, to: number): DateTime {
  if (isWithin(at, from, to)) return at;
  const opens = at.set({ hour: from, minute: 0 });
  return opens > at ? opens : opens.plus({ days: 1 });
}

function isWithin(at: DateTime, from: number, to: number): boolean {
  return at.hour >= from && at.hour < to;
}

function day(at: DateTime): string {
  return at.toISODate() ?? '';
}

function hours(from: DateTime, to: DateTime): number {
  return to.diff(from, 'hours').hours;
}
