import type { Appointment } from '../core/appointment.ts';

/** When a visit counts as booked: a quiet import that does not say was booked long ago (spec: scenarios.md, Old data). */
export function bookedAt(appointment: Appointment): Date {
  return appointment.quiet && !appointment.bookedAtGiven ? new Date(0) : appointment.bookedAt;
}

/** When the visit's present time was agreed on: at its booking or its last move. */
export function agreedAt(appointment: Appointment): Date {
  const booked = bookedAt(appointment);
  return appointment.movedAt !== undefined && appointment.movedAt > booked ? appointment.movedAt : booked;
}
