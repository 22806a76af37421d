import type { Appointment, AppointmentBody, VisitBrief } from '../core/appointment.ts';
import type { AppointmentEvent } from '../core/follower.ts';
import type { OutgoingChange } from './changes.ts';
import { collectionSchema, type Definition, type Keyed, knownFields, partSchema } from './schema.ts';

/** What followers knew of an appointment when they were last told; the next telling says what became different. */
export interface Heard {
  readonly rev: number;
  readonly version: number;
  readonly status: Appointment['status'];
  readonly removed: boolean;
  readonly doctor: string;
  readonly start: Date;
  readonly end: Date;
}

/** An appointment as stored, with what of it is still to be told. */
export interface AppointmentDocument extends Omit<Appointment, 'id'>, Keyed {
  /** Removed by the clinic: kept as a tombstone, so that versions and keys of messages never come twice. */
  readonly removedAt?: Date;
  /** The discount was promised at the booking and stays whenever the visit takes place. */
  readonly discountPromised?: true;
  readonly heard: Heard | null;
  readonly unheard?: true;
  /** The newest change came from a quiet import. */
  readonly quietly?: true;
  readonly outgoing: readonly OutgoingChange[];
}

const body: Definition<AppointmentBody> = {
  patient: String,
  branch: String,
  doctor: String,
  services: [String],
  start: Date,
  end: Date,
  status: String,
  source: String,
  partner: String,
  bookedAt: Date,
  incognito: Boolean,
  phone: String,
  notes: String,
  group: String,
  recallAfter: String,
  discounts: [partSchema({ service: String, percent: Number })],
};

/** Appointments by key, with the indexes of every way in which they are looked for. */
export const appointmentSchema = collectionSchema<AppointmentDocument>('appointments', {
  ...body,
  bookedAtGiven: Boolean,
  quiet: Boolean,
  storedAt: Date,
  version: Number,
  firstVersion: Number,
  movedAt: Date,
  statusAt: Date,
  clinic: partSchema<NonNullable<Appointment['clinic']>>({ ...body, changedAt: Date }),
  discount: partSchema({ percent: Number, source: String, year: Number }),
  discountPromised: Boolean,
  insteadOf: String,
  cancelReason: String,
  conversation: String,
  changedAt: Date,
  changedBy: String,
  rev: Number,
  removedAt: Date,
  heard: partSchema<Heard>({
    rev: Number,
    version: Number,
    status: String,
    removed: Boolean,
    doctor: String,
    start: Date,
    end: Date,
  }),
  unheard: Boolean,
  quietly: Boolean,
  outgoing: [partSchema({ change: String, at: Date, by: String, unique: String })],
});
appointmentSchema.index({ start: 1, _id: 1 });
appointmentSchema.index({ branch: 1, start: 1, _id: 1 });
appointmentSchema.index({ patient: 1, start: 1, _id: 1 });
appointmentSchema.index({ doctor: 1, start: 1, _id: 1 });
appointmentSchema.index({ doctor: 1, end: 1 });
appointmentSchema.index({ unheard: 1 }, { sparse: true });

const OURS: readonly string[] = ['removedAt', 'discountPromised', 'heard', 'unheard', 'quietly', 'outgoing'];

/** The appointment without what is only the store's. */
export function readAppointment(stored: AppointmentDocument): Appointment {
  const fields = Object.entries(knownFields(appointmentSchema, stored)).filter(([name]) => !OURS.includes(name));
  return { ...(Object.fromEntries(fields) as unknown as Omit<Appointment, 'id'>), id: stored._id };
}

/** The short form of a visit. */
export function briefOf(stored: AppointmentDocument): VisitBrief {
  const { _id, branch, doctor, start, end, status, bookedAt, insteadOf } = stored;
  return { id: _id, branch, doctor, start, end, status, bookedAt, ...(insteadOf !== undefined && { insteadOf }) };
}

/** A visit that takes its doctor's time. */
export function isLive(stored: AppointmentDocument): boolean {
  return stored.removedAt === undefined && stored.status !== 'cancelled' && stored.status !== 'noShow';
}

/** What of the document its followers are to know from now on. */
export function heardOf({ rev, version, status, removedAt, doctor, start, end }: AppointmentDocument): Heard {
  return { rev, version, status, removed: removedAt !== undefined, doctor, start, end };
}

/** What followers are told of the document now. */
export function eventOf(stored: AppointmentDocument): AppointmentEvent {
  const { heard, quietly } = stored;
  return {
    appointment: readAppointment(stored),
    kind: eventKind(stored),
    ...(heard !== null && !heard.removed && { before: heard }),
    quiet: quietly === true,
  };
}

/** What happened since the followers last heard, the gravest first. */
function eventKind(stored: AppointmentDocument): AppointmentEvent['kind'] {
  const { heard } = stored;
  if (stored.removedAt !== undefined) return 'removed';
  if (heard === null || heard.removed) return 'stored';
  if (stored.status === 'cancelled' && heard.status !== 'cancelled') return 'cancelled';
  return stored.version === heard.version ? 'changed' : 'moved';
}
