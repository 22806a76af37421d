import type { Author, PutResult, Stamped } from './author.ts';
import type { Page, PageRequest } from './page.ts';

export const STATUSES = ['unconfirmed', 'confirmed', 'started', 'completed', 'noShow', 'cancelled'] as const;
export type AppointmentStatus = (typeof STATUSES)[number];

export const SOURCES = ['desk', 'online', 'telemedicine', 'chat', 'partner'] as const;
type AppointmentSource = (typeof SOURCES)[number];

/** The clinic system's own fields of an appointment (spec: api.md, Clinic data). */
export interface AppointmentBody {
  readonly patient: string;
  readonly branch: string;
  readonly doctor: string;
  readonly services: readonly string[];
  readonly start: Date;
  readonly end: Date;
  readonly status: AppointmentStatus;
  readonly source: AppointmentSource;
  readonly partner?: string;
  readonly bookedAt?: Date;
  readonly incognito: boolean;
  readonly phone?: string;
  readonly notes?: string;
  readonly group?: string;
  readonly recallAfter?: string;
  readonly discounts: readonly { readonly service: string; readonly percent: number }[];
}

/** An appointment as it stands: the clinic's word, and over it what the patient did in chat since. */
export interface Appointment extends Omit<AppointmentBody, 'bookedAt'>, Stamped {
  readonly bookedAt: Date;
  /** False where the clinic never said when it was booked and `bookedAt` is the moment of storing. */
  readonly bookedAtGiven: boolean;
  /** First stored by a quiet import: counts as booked long ago unless `bookedAt` was given. */
  readonly quiet: boolean;
  readonly storedAt: Date;
  /** The count of moves (start, branch or doctor changed); part of every message key but details and greeting. */
  readonly version: number;
  /** The version under which another booking was stored after the key's last one was removed; absent for the first. */
  readonly firstVersion?: number;
  readonly movedAt?: Date;
  /** When the present status began. */
  readonly statusAt: Date;
  /** The clinic's own last values and its last `changedAt`; null for a booking made in chat that it has not repeated yet. */
  readonly clinic: (AppointmentBody & { readonly changedAt: Date }) | null;
  /** The birthday discount that this visit carries. */
  readonly discount?: { readonly percent: number; readonly source: 'birthday'; readonly year: number };
  /** The appointment that this one was booked instead of, in chat. */
  readonly insteadOf?: string;
  /** Why the patient cancelled it in chat, in the patient's words. */
  readonly cancelReason?: string;
  /** The conversation that booked it. */
  readonly conversation?: string;
  /** Grows with every write; for compare-and-set. */
  readonly rev: number;
}

/** Short form for rules that look at a patient's other visits. */
export interface VisitBrief {
  readonly id: string;
  readonly branch: string;
  readonly doctor: string;
  readonly start: Date;
  readonly end: Date;
  readonly status: AppointmentStatus;
  readonly bookedAt: Date;
  readonly insteadOf?: string;
}

export interface AppointmentQuery {
  readonly branch?: string;
  readonly patient?: string;
  readonly doctor?: string;
  readonly status?: AppointmentStatus;
  /** Start at or after. */
  readonly from?: Date;
  /** Start before. */
  readonly to?: Date;
}

/** What a chat or staff step does to a visit. */
export type VisitStep =
  | { readonly kind: 'confirm' }
  | { readonly kind: 'cancel'; readonly reason?: string }
  | {
      readonly kind: 'move';
      readonly start: Date;
      readonly end: Date;
      readonly doctor: string;
      readonly status: 'confirmed' | 'unconfirmed';
    };

export interface NewVisit {
  readonly id: string;
  readonly patient: string;
  readonly branch: string;
  readonly doctor: string;
  readonly services: readonly string[];
  readonly start: Date;
  readonly end: Date;
  readonly status: 'confirmed' | 'unconfirmed';
  readonly phone?: string;
  readonly insteadOf?: string;
  readonly conversation: string;
  /** Booked from a birthday offer: carries its discount whenever it takes place. */
  readonly discount?: { readonly percent: number; readonly source: 'birthday'; readonly year: number };
}

/**
 * Every write commits the document together with the fact that followers (planner, open questions, change list, discount)
 * are still to hear of it, then tells them; `unheard` lets a restart go on with those that were not told.
 */
export interface AppointmentStore {
  /** `changedAt` older than the clinic's last is set aside (`applied: false`). Field by field: a value equal to the clinic's own last is no change. */
  put(
    id: string,
    body: AppointmentBody,
    meta: { at: Date; changedAt?: Date; by: Author; quiet: boolean },
  ): Promise<PutResult<Appointment>>;
  get(id: string): Promise<Appointment | null>;
  getMany(ids: readonly string[]): Promise<readonly Appointment[]>;
  list(query: AppointmentQuery, page: PageRequest): Promise<Page<Appointment>>;
  /** False when there was none. */
  remove(id: string, at: Date): Promise<boolean>;
  /** Applies a chat or staff step to the visit as it stands; null when it is gone. Repeating the same step changes nothing. */
  step(id: string, step: VisitStep, meta: { at: Date; by: Author }): Promise<Appointment | null>;
  /** Stores a booking made in chat; the same id again gives the stored one. */
  book(visit: NewVisit, at: Date): Promise<Appointment>;
  /** All visits of a patient, newest start first, at most 500. */
  briefsOfPatient(patient: string): Promise<readonly VisitBrief[]>;
  /** Visits of a branch that start in [from, to). */
  between(branch: string, from: Date, to: Date): Promise<readonly Appointment[]>;
  /** Live visits (not cancelled, not missed) of these doctors that overlap [from, to). */
  liveOfDoctors(doctors: readonly string[], from: Date, to: Date): Promise<readonly VisitBrief[]>;
  /** Gives future visits of a patient that start before `until` the running birthday discount, or takes it away (`null`). */
  setDiscount(
    patient: string,
    discount: { percent: number; source: 'birthday'; year: number } | null,
    range: { from: Date; until: Date },
    at: Date,
  ): Promise<void>;
  /** Ids of appointments whose followers were not told yet. */
  unheard(): Promise<readonly string[]>;
  /** Followers have heard of everything up to `rev`. */
  heard(id: string, rev: number): Promise<void>;
}
