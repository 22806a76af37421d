import { localDay } from '../../core/day-choices.ts';
import { type ScenarioDefinition, VISIT_DEFAULTS } from '../definition.ts';
import type { VisitFacts } from '../facts.ts';
import { returnMoment } from '../moment.ts';
import { openRebooking, RETURN_CONDITIONS, sayFreeDays } from '../return-offer.ts';
import { daysBetween } from '../windows.ts';

const LONG_PAST_DAYS = 3;

/** Offers a new day to who cancelled (spec: scenarios.md, returnAfterCancellation). */
export const returnAfterCancellation: ScenarioDefinition<VisitFacts> = {
  ...VISIT_DEFAULTS,
  key: 'returnAfterCancellation',
  channels: ['whatsapp', 'telegram'],
  statuses: ['cancelled'],
  afterUnknown: 'atMostOnce',
  moment({ visit: { appointment }, switches, branch }) {
    if (appointment.status !== 'cancelled') return null;
    const visitOn = localDay(appointment.start, branch.timezone);
    const cancelledOn = localDay(appointment.statusAt, branch.timezone);
    const { countFrom } = switches.returnAfterCancellation.settings;
    const moment = returnMoment(countFrom === 'visit' ? visitOn : cancelledOn, appointment.statusAt, branch.timezone);
    return { ...moment, missed: daysBetween(visitOn, cancelledOn) > LONG_PAST_DAYS };
  },
  conditions: RETURN_CONDITIONS,
  say: sayFreeDays,
  opening: (facts, telling) => openRebooking('returnAfterCancellation', facts, telling),
};
