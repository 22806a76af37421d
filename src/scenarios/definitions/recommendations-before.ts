import type { Content } from '../../core/content.ts';
import { localDay } from '../../core/day-choices.ts';
import { bookedAt } from '../booking.ts';
import { type ScenarioDefinition, VISIT_DEFAULTS } from '../definition.ts';
import type { VisitFacts } from '../facts.ts';
import { nameNumbered } from '../placeholders.ts';
import { serviceTexts } from '../service-texts.ts';
import { visitValues } from '../values.ts';
import { addDays, atLocal } from '../windows.ts';

const HOURS = { from: '16:00', to: '21:00' };

/** How to prepare: the branch's general text and that of each service, the afternoon before (spec: scenarios.md, recommendationsBefore). */
export const recommendationsBefore: ScenarioDefinition<VisitFacts> = {
  ...VISIT_DEFAULTS,
  key: 'recommendationsBefore',
  channels: ['whatsapp', 'telegram'],
  statuses: ['unconfirmed', 'confirmed'],
  namesVisit: true,
  moment({ visit, branch }) {
    const day = addDays(localDay(visit.appointment.start, branch.timezone), -1);
    const [at, latestAt] = [atLocal(day, HOURS.from, branch.timezone), atLocal(day, HOURS.to, branch.timezone)];
    return { at, latestAt, hours: HOURS, missed: false };
  },
  conditions: [
    ({ visit: { appointment }, branch }) =>
      localDay(bookedAt(appointment), branch.timezone) < localDay(appointment.start, branch.timezone)
        ? null
        : 'bookedSameDay',
  ],
  say(facts, { locale }) {
    const { generalText } = facts.switches.recommendationsBefore.settings;
    const general: Content = {
      key: 'scenarios.recommendationsBefore.text',
      own: nameNumbered(generalText),
      values: visitValues(facts, locale),
    };
    return { parts: [general, ...serviceTexts(facts, 'recommendationsBefore')] };
  },
};
