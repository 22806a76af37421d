import { localDay } from '../core/day-choices.ts';
import type { Facts } from './facts.ts';
import { addDays, endOfDay } from './windows.ts';

/** The last day of a birthday offer: `validDays` days with the day of the message as the first. */
export function offerLastDay({ switches, branch }: Facts, sentAt: Date): string {
  return addDays(localDay(sentAt, branch.timezone), (switches.birthday.settings.validDays ?? 1) - 1);
}

/** When the offer is over: the end of its last day (spec: scenarios.md, birthday). */
export function offerUntil(facts: Facts, sentAt: Date): Date {
  return endOfDay(offerLastDay(facts, sentAt), facts.branch.timezone);
}
