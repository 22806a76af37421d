import { localDay } from '../../core/day-choices.ts';
import { type ScenarioDefinition, VISIT_DEFAULTS } from '../definition.ts';
import type { VisitFacts } from '../facts.ts';
import { returnMoment } from '../moment.ts';
import { openRebooking, RETURN_CONDITIONS, sayFreeDays } from '../return-offer.ts';

/** Offers a new day to who did not come (spec: scenarios.md, returnAfterNoShow). */
export const returnAfterNoShow: ScenarioDefinition<VisitFacts> = {
  ...VISIT_DEFAULTS,
  key: 'returnAfterNoShow',
  channels: ['whatsapp', 'telegram'],
  statuses: ['noShow'],
  afterUnknown: 'atMostOnce',
  moment({ visit: { appointment }, branch }) {
    if (appointment.status !== 'noShow') return null;
    return returnMoment(localDay(appointment.start, branch.timezone), appointment.statusAt, branch.timezone);
  },
  conditions: RETURN_CONDITIONS,
  say: sayFreeDays,
  opening: (facts, telling) => openRebooking('returnAfterNoShow', facts, telling),
};
