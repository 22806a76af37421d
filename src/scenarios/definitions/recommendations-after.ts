import { DAY_MS, MINUTE_MS } from '../../core/clock.ts';
import { type ScenarioDefinition, VISIT_DEFAULTS } from '../definition.ts';
import type { VisitFacts } from '../facts.ts';
import { deferredMoment } from '../moment.ts';
import { serviceTexts } from '../service-texts.ts';

const AFTER_END_MS = 5 * MINUTE_MS;

/** What to do after the visit, for services that say so (spec: scenarios.md, recommendationsAfter). */
export const recommendationsAfter: ScenarioDefinition<VisitFacts> = {
  ...VISIT_DEFAULTS,
  key: 'recommendationsAfter',
  channels: ['whatsapp', 'telegram'],
  statuses: ['started', 'completed'],
  awaits: ['unconfirmed', 'confirmed'],
  moment({ visit, branch }) {
    const end = visit.appointment.end.getTime();
    const [due, latestAt] = [new Date(end + AFTER_END_MS), new Date(end + DAY_MS)];
    return deferredMoment(due, latestAt, { from: '08:00', to: '22:00' }, branch.timezone);
  },
  conditions: [(facts) => (serviceTexts(facts, 'recommendationsAfter').length === 0 ? 'noRecommendations' : null)],
  say: (facts) => ({ parts: serviceTexts(facts, 'recommendationsAfter') }),
};
