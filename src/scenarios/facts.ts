import type { Appointment, VisitBrief } from '../core/appointment.ts';
import type { Branch } from '../core/branch.ts';
import type { ChannelsHealth } from '../core/channel.ts';
import type { ChannelName } from '../core/channel-name.ts';
import type { Doctor } from '../core/doctor.ts';
import type { Prices } from '../core/money.ts';
import type { Patient } from '../core/patient.ts';
import type { Reason } from '../core/reason.ts';
import type { Switches } from '../core/scenario.ts';
import type { Service } from '../core/service.ts';
import type { Slot } from '../core/slot.ts';
import type { Addressee } from './addressee.ts';

/** The visit that a decision is about. */
export interface Visit {
  readonly appointment: Appointment;
  readonly doctor: Doctor;
  readonly services: readonly Service[];
  /** When the patient last answered a survey on this doctor. */
  readonly answeredAt: Date | null;
}

/** The first request for a confirmation, as the second one sees it. */
export interface Asked {
  readonly at: Date;
  readonly answered: boolean;
  readonly conversation: string | null;
}

/** Everything that a decision about one subject looks at, read fresh; times are facts too, only `now` comes beside it. */
export interface Facts {
  readonly killSwitch: boolean;
  readonly switches: Switches;
  readonly branch: Branch;
  readonly patient: Patient;
  readonly addressee: Addressee;
  readonly visit: Visit | null;
  /** All visits of the patient, the one at hand too, newest start first. */
  readonly visits: readonly VisitBrief[];
  /** The newest warming message that the patient got. */
  readonly warmedAt: Date | null;
  /** Birthday: the year it is about, and the years in which its message went out. */
  readonly year: number;
  readonly greetedYears: readonly number[];
  /** Confirmation: the second request says 2. */
  readonly step: number;
  /** When the first request went out and whether it was answered; for the second one. */
  readonly asked: Asked | null;
  readonly slots: readonly Slot[];
  readonly health: ChannelsHealth;
  readonly prices: Prices;
  /** Balance less reserved, minor units. */
  readonly available: number;
  /** What the row waits for when it was looked at and held. */
  readonly waiting: Reason | null;
  /** Channels that have refused this message for good. */
  readonly refusedOn: readonly ChannelName[];
}

/** Facts of a scenario whose subject is an appointment. */
export interface VisitFacts extends Facts {
  readonly visit: Visit;
}
