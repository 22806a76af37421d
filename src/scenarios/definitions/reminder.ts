import { HOUR_MS, MINUTE_MS } from '../../core/clock.ts';
import { agreedAt } from '../booking.ts';
import { type ScenarioDefinition, VISIT_DEFAULTS } from '../definition.ts';
import type { VisitFacts } from '../facts.ts';
import { severalVisits } from '../several-visits.ts';
import { eveningBeforeVisit } from '../windows.ts';

const LATEST_BEFORE_MS = 30 * MINUTE_MS;

/** Reminds of today's visit shortly before it (spec: scenarios.md, reminder). */
export const reminder: ScenarioDefinition<VisitFacts> = {
  ...VISIT_DEFAULTS,
  key: 'reminder',
  channels: ['whatsapp', 'telegram', 'sms'],
  statuses: ['unconfirmed', 'confirmed'],
  grouped: true,
  namesVisit: true,
  moment({ visit: { appointment }, switches, branch }) {
    const { leadHours, window } = switches.reminder.settings;
    const { start } = appointment;
    const due = new Date(start.getTime() - leadHours * HOUR_MS);
    return {
      at: eveningBeforeVisit(due, start, window, branch.timezone),
      latestAt: new Date(start.getTime() - LATEST_BEFORE_MS),
      hours: window,
      missed: false,
    };
  },
  conditions: [
    ({ visit: { appointment }, switches }) => {
      const leastAheadMs = switches.reminder.settings.minLeadHours * HOUR_MS;
      return appointment.start.getTime() - agreedAt(appointment).getTime() < leastAheadMs ? 'bookedLate' : null;
    },
  ],
  say: (facts, telling) => severalVisits(facts, telling, 'scenarios.reminder.several'),
};
