import type { Appointment, AppointmentStatus } from './appointment.ts';
import type { ScenarioKey } from './scenario.ts';

/** What happened to an appointment since its followers last heard of it. */
export interface AppointmentEvent {
  readonly appointment: Appointment;
  readonly kind: 'stored' | 'moved' | 'cancelled' | 'changed' | 'removed';
  /** As followers knew it; absent for one that they never heard of, or that was removed since. */
  readonly before?: {
    readonly doctor: string;
    readonly start: Date;
    readonly status: AppointmentStatus;
    readonly version: number;
  };
  /** The newest change came from a quiet import: nobody is to be told of it. */
  readonly quiet?: boolean;
}

/** Told after a commit; may be told the same thing twice and then changes nothing. The app joins planner and conversations here. */
export interface Follower {
  appointmentChanged(event: AppointmentEvent): Promise<void>;
  patientChanged(patient: string): Promise<void>;
  /** A switch or setting of a scenario changed, or the branch's zone (`scenario` null: all of them). */
  settingsChanged(branch: string | null, scenario: ScenarioKey | null): Promise<void>;
}
