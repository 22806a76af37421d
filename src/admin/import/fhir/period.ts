import { DateTime } from 'luxon';
import { type Element, element, text } from './element.ts';

/** True where a name, number or address has a period that ended before `now`, or has not begun. Periods that cannot be read hold. */
export function isOver(part: Element, now: Date): boolean {
  const period = element(part['period']);
  const end = bound(period['end'], 'end');
  const start = bound(period['start'], 'start');
  return (end !== null && end < now) || (start !== null && start > now);
}

/** A FHIR dateTime may be a year, a month or a day: its end is the last moment of that. */
function bound(value: unknown, side: 'start' | 'end'): Date | null {
  const words = text(value);
  if (words === undefined) return null;
  const read = DateTime.fromISO(words, { zone: 'utc' });
  if (!read.isValid) return null;
  if (side === 'start' || words.includes('T')) return read.toJSDate();
  const unit = words.length === 4 ? 'year' : words.length === 7 ? 'month' : 'day';
  return read.endOf(unit).toJSDate();
}
