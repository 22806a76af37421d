import type { Appointment } from '../../core/appointment.ts';
import { type BranchZones, zoneOf } from './branch-zones.ts';
import { presentInstant } from './instant.ts';

/** An appointment as the API shows it, in the branch's offset. */
export function presentAppointment(appointment: Appointment, zones: BranchZones): object {
  const zone = zoneOf(zones, appointment.branch);
  return {
    id: appointment.id,
    patient: appointment.patient,
    branch: appointment.branch,
    doctor: appointment.doctor,
    services: appointment.services,
    start: presentInstant(appointment.start, zone),
    end: presentInstant(appointment.end, zone),
    status: appointment.status,
    source: appointment.source,
    partner: appointment.partner,
    bookedAt: presentInstant(appointment.bookedAt, zone),
    incognito: appointment.incognito,
    phone: appointment.phone,
    notes: appointment.notes,
    group: appointment.group,
    recallAfter: appointment.recallAfter,
    discounts: appointment.discounts,
    changedAt: presentInstant(appointment.changedAt, zone),
    changedBy: appointment.changedBy,
    discount:
      appointment.discount === undefined
        ? undefined
        : { percent: appointment.discount.percent, source: appointment.discount.source },
  };
}
