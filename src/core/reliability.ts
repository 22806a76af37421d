import type { AppointmentStatus } from './appointment.ts';
import type { Reliability } from './patient.ts';

const LEAST_VISITS = 3;
const UNRELIABLE_FROM = 0.3;

/** How a patient keeps visits: no-shows ÷ (started + completed + no-shows), unreliable from 30 % over at least 3 visits (spec: scenarios.md, Own conditions). */
export function reliabilityOf(visits: readonly { readonly status: AppointmentStatus }[]): Reliability {
  const noShows = visits.filter((visit) => visit.status === 'noShow').length;
  const taken = visits.filter((visit) => visit.status === 'started' || visit.status === 'completed').length;
  const all = noShows + taken;
  const share = all === 0 ? 0 : noShows / all;
  return { visits: all, noShows, share, unreliable: all >= LEAST_VISITS && share >= UNRELIABLE_FROM };
}
