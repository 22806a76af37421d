import { DateTime } from 'luxon';
import type { Choice } from './content.ts';
import type { Locale } from './locale.ts';

/** Days offered at once (spec: conversations.md, rebooking). */
export const DAYS_OFFERED = 5;

/** `YYYY-MM-DD` of an instant in a zone. */
export function localDay(at: Date, zone: string): string {
  return DateTime.fromJSDate(at, { zone }).toISODate() ?? '';
}

/** The first days with free slots, as buttons `day:YYYY-MM-DD`, and `otherDay`. Both the return messages and the rebooking question use these. */
export function dayChoices(days: readonly string[], locale: Locale): readonly Choice[] {
  const shown = days
    .slice(0, DAYS_OFFERED)
    .map((day) => ({ id: `day:${day}`, key: null, title: dayTitle(day, locale) }));
  return [...shown, { id: 'otherDay', key: 'conversations.rebooking.otherDay' }];
}

/** A day as words, such as `Tue, 1 December`. */
export function dayTitle(day: string, locale: Locale): string {
  return DateTime.fromISO(day, { zone: 'utc', locale }).toFormat('ccc, d MMMM');
}
