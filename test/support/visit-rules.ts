import type { AppointmentStatus, VisitBrief } from '../../src/core/appointment.ts';
import { VISIT_SCENARIOS } from '../../src/scenarios/catalogue.ts';
import { type Differences, visitFacts } from './scenario-facts.ts';

/** A scenario's moment for these facts as `from to latest`, in UTC without the year. */
export function plannedMoment(key: keyof typeof VISIT_SCENARIOS, different: Differences = {}): string {
  const moment = VISIT_SCENARIOS[key].moment(visitFacts(different));
  if (moment === null) return 'none';
  const missed = moment.missed ? ' missed' : '';
  return `${moment.at.toISOString().slice(5, 16)} to ${moment.latestAt.toISOString().slice(5, 16)}${missed}`;
}

/** A visit of half an hour as the patient's list has it. */
export function visitBrief(
  id: string,
  start: string,
  status: AppointmentStatus,
  more: Partial<VisitBrief> = {},
): VisitBrief {
  const startsAt = new Date(start);
  return {
    id,
    branch: 'north',
    doctor: 'lebedeva',
    start: startsAt,
    end: new Date(startsAt.getTime() + 1_800_000),
    status,
    bookedAt: new Date('2026-11-01T09:00:00Z'),
    ...more,
  };
}
