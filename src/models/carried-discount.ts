import type { BirthdayDiscount } from '../core/patient.ts';
import type { AppointmentDocument } from './appointment-document.ts';

/**
 * The visit with the birthday discount that it carries after a write: one promised at the booking stays; else a visit that
 * starts while the patient's discount runs has it (spec: scenarios.md, Own conditions, birthday). A visit that is not moved
 * keeps what it had when the discount is over.
 */
export function carryingDiscount(
  next: AppointmentDocument,
  stored: AppointmentDocument | null,
  running: BirthdayDiscount | null,
  at: Date,
): AppointmentDocument {
  if (next.discountPromised === true) return next;
  const { discount: had, ...plain } = next;
  if (running === null || running.until <= at) {
    return stored?.start.getTime() === next.start.getTime() ? next : plain;
  }
  const holds = next.start < running.until && (next.start >= at || had?.year === running.year);
  if (!holds) return plain;
  return { ...plain, discount: { percent: running.percent, source: 'birthday', year: running.year } };
}
