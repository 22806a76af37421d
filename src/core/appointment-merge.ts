import type { Appointment, AppointmentBody, NewVisit, VisitStep } from './appointment.ts';
import type { Author } from './author.ts';
import type { ChangeKind } from './change.ts';

/** A PUT of the clinic's system, and what is known about its sending. */
export interface AppointmentPut {
  readonly id: string;
  readonly body: AppointmentBody;
  readonly at: Date;
  /** The clinic's own word on when the body was true; without one it counts as `at`. */
  readonly changedAt?: Date;
  readonly by: Author;
  readonly quiet: boolean;
}

/** What is known of an appointment that the clinic removed. */
export type RemovedVisit = Pick<
  Appointment,
  'rev' | 'version' | 'firstVersion' | 'patient' | 'branch' | 'doctor' | 'start'
>;

/** `stale`: set aside. `same`: only the clinic's own last word may differ (its `changedAt`), nobody has to hear of it. */
export interface MergedPut {
  readonly outcome: 'created' | 'changed' | 'same' | 'stale';
  readonly next: Appointment;
}

/** A chat or staff step as applied; `change` is what the clinic's system is to learn of. */
export interface MergedStep {
  readonly next: Appointment;
  readonly change: ChangeKind | null;
}

/**
 * Lays a PUT over the appointment as it stands: only fields that differ from the clinic's own last values are taken, start
 * and end together; so what the patient did in chat stands until the clinic says something new (spec: api.md, Clinic data).
 * `before` is the removed appointment of the same key.
 */
export function mergePut(stored: Appointment | null, put: AppointmentPut, before?: RemovedVisit): MergedPut {
  const changedAt = put.changedAt ?? put.at;
  const clinic = { ...given(put.body), changedAt };
  if (stored === null) return { outcome: 'created', next: firstStored(put, clinic, before) };
  if (stored.clinic !== null && changedAt < stored.clinic.changedAt) return { outcome: 'stale', next: stored };
  const taken = { ...taking(stored, clinic), clinic };
  const moved = isMoved(stored, taken);
  const saidNow = stored.clinic?.status !== clinic.status && clinic.status === 'confirmed';
  const status = moved && taken.status === 'confirmed' && !saidNow ? 'unconfirmed' : taken.status;
  const next = stamped(stored, { ...taken, status }, put.at, moved);
  if (!sameVisit(stored, next) || stored.clinic === null) {
    return { outcome: 'changed', next: newest(next, changedAt, put.by) };
  }
  // The clinic repeats itself: a later `changedAt` of its own is remembered, and shown where it was given.
  const same = { ...next, rev: stored.rev };
  return { outcome: 'same', next: put.changedAt === undefined ? same : newest(same, changedAt, put.by) };
}

/** Applies a step to the visit as it stands; null where it changes nothing (a repeat, or a visit that it no longer fits). */
export function applyStep(stored: Appointment, step: VisitStep, meta: { at: Date; by: Author }): MergedStep | null {
  const open = stored.status === 'unconfirmed' || stored.status === 'confirmed';
  switch (step.kind) {
    case 'confirm': {
      if (stored.status !== 'unconfirmed') return null;
      return stepped(stored, { ...stored, status: 'confirmed' }, 'confirmed', meta);
    }
    case 'cancel': {
      const reason = step.reason === undefined ? {} : { cancelReason: step.reason };
      if (open) return stepped(stored, { ...stored, ...reason, status: 'cancelled' }, 'cancelled', meta);
      // The cancellation took effect at once; why comes later.
      const late = stored.status === 'cancelled' && stored.cancelReason === undefined && step.reason !== undefined;
      return late ? stepped(stored, { ...stored, ...reason }, null, meta) : null;
    }
    case 'move': {
      const { kind: _, ...place } = step;
      const next = { ...stored, ...place };
      return isMoved(stored, next) || +stored.end !== +next.end ? stepped(stored, next, 'moved', meta) : null;
    }
  }
}

/** The appointment that a booking in chat makes; the clinic has not repeated it yet. */
export function bookedVisit(visit: NewVisit, at: Date): Appointment {
  return {
    ...visit,
    source: 'chat',
    incognito: false,
    discounts: [],
    bookedAt: at,
    bookedAtGiven: false,
    quiet: false,
    storedAt: at,
    version: 0,
    statusAt: at,
    clinic: null,
    changedAt: at,
    changedBy: 'patient',
    rev: 1,
  };
}

/** True where start, branch or doctor differ (spec: scenarios.md, Moves). */
function isMoved(from: Appointment, to: Appointment): boolean {
  return +from.start !== +to.start || from.branch !== to.branch || from.doctor !== to.doctor;
}

function firstStored(
  { id, body, at, by, quiet }: AppointmentPut,
  clinic: NonNullable<Appointment['clinic']>,
  before: RemovedVisit | undefined,
): Appointment {
  const version = before === undefined ? 0 : before.version + 1;
  const firstVersion = before === undefined || isSameBooking(before, body) ? before?.firstVersion : version;
  return {
    ...given(body),
    id,
    bookedAt: body.bookedAt ?? at,
    bookedAtGiven: body.bookedAt !== undefined,
    quiet,
    storedAt: at,
    version,
    ...(firstVersion !== undefined && { firstVersion }),
    ...(before && { movedAt: at }),
    statusAt: at,
    clinic,
    changedAt: clinic.changedAt,
    changedBy: by,
    rev: (before?.rev ?? 0) + 1,
  };
}

/** Taken away and put back by the clinic's system: no new booking, of which the patient would be told again. */
function isSameBooking(before: RemovedVisit, body: AppointmentBody): boolean {
  return (
    before.patient === body.patient &&
    before.branch === body.branch &&
    before.doctor === body.doctor &&
    +before.start === +body.start
  );
}

/** The effective appointment with the clinic's changed fields in it. */
function taking(stored: Appointment, clinic: AppointmentBody): Appointment {
  const last = stored.clinic;
  const changed = new Set(BODY_FIELDS.filter((field) => last === null || !sameField(field, last, clinic)));
  if (changed.has('start') || changed.has('end')) changed.add('start').add('end');
  const fields: Record<string, unknown> = { ...stored };
  for (const field of changed) {
    if (field === 'bookedAt') continue;
    if (clinic[field] === undefined) delete fields[field];
    else fields[field] = clinic[field];
  }
  if (changed.has('bookedAt')) {
    fields['bookedAt'] = clinic.bookedAt ?? stored.storedAt;
    fields['bookedAtGiven'] = clinic.bookedAt !== undefined;
  }
  return fields as unknown as Appointment;
}

function stepped(
  stored: Appointment,
  next: Appointment,
  change: ChangeKind | null,
  { at, by }: { at: Date; by: Author },
): MergedStep {
  return { next: newest(stamped(stored, next, at, isMoved(stored, next)), at, by), change };
}

/** Version, moments and rev that follow from a change. */
function stamped(stored: Appointment, next: Appointment, at: Date, moved: boolean): Appointment {
  return {
    ...next,
    version: stored.version + (moved ? 1 : 0),
    ...(moved && { movedAt: at }),
    statusAt: stored.status === next.status ? stored.statusAt : at,
    rev: stored.rev + 1,
  };
}

/** `changedAt` shows the newest word, whoever's it was. */
function newest(next: Appointment, at: Date, by: Author): Appointment {
  return at < next.changedAt ? next : { ...next, changedAt: at, changedBy: by };
}

const BODY_FIELDS = [
  'patient',
  'branch',
  'doctor',
  'services',
  'start',
  'end',
  'status',
  'source',
  'partner',
  'bookedAt',
  'incognito',
  'phone',
  'notes',
  'group',
  'recallAfter',
  'discounts',
] as const satisfies readonly (keyof AppointmentBody)[];

function given(body: AppointmentBody): AppointmentBody {
  const fields = BODY_FIELDS.filter((field) => body[field] !== undefined).map((field) => [field, body[field]] as const);
  return Object.fromEntries<unknown>(fields) as unknown as AppointmentBody;
}

function sameVisit(stored: Appointment, next: Appointment): boolean {
  return stored.bookedAtGiven === next.bookedAtGiven && BODY_FIELDS.every((field) => sameField(field, stored, next));
}

function sameField(field: (typeof BODY_FIELDS)[number], one: AppointmentBody, other: AppointmentBody): boolean {
  if (field === 'services') return one.services.join('\n') === other.services.join('\n');
  if (field === 'discounts') return discountsText(one) === discountsText(other);
  const [a, b] = [one[field], other[field]];
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b;
}

function discountsText({ discounts }: AppointmentBody): string {
  return discounts.map(({ service, percent }) => `${service} ${percent}`).join('\n');
}
