import { HOUR_MS } from '../../core/clock.ts';
import { bookedAt } from '../booking.ts';
import { type ScenarioDefinition, VISIT_DEFAULTS } from '../definition.ts';
import type { VisitFacts } from '../facts.ts';
import { promptMoment } from '../moment.ts';

const LEAST_AHEAD_MS = 2 * HOUR_MS;

/** What was booked, at once (spec: scenarios.md, details). Quiet imports send none. */
export const details: ScenarioDefinition<VisitFacts> = {
  ...VISIT_DEFAULTS,
  key: 'details',
  channels: ['whatsapp', 'telegram', 'sms'],
  statuses: ['unconfirmed', 'confirmed'],
  domestic: true,
  keepsPlan: true,
  namesVisit: true,
  moment({ visit, branch }) {
    const { quiet } = visit.appointment;
    return promptMoment(visit.appointment.bookedAt, { from: '06:00', to: '21:00' }, branch.timezone, quiet);
  },
  conditions: [
    ({ visit: { appointment } }) =>
      appointment.start.getTime() - bookedAt(appointment).getTime() > LEAST_AHEAD_MS ? null : 'bookedLate',
    ({ visit: { appointment } }) =>
      appointment.source === 'online' || appointment.source === 'chat' ? 'onlineSource' : null,
    ({ visit: { appointment } }) => (appointment.source === 'telemedicine' ? 'telemedicine' : null),
  ],
};
