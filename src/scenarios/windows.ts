import { DateTime, IANAZone } from 'luxon';
import { HOUR_MS, MINUTE_MS } from '../core/clock.ts';
import { localDay } from '../core/day-choices.ts';
import type { Hours } from '../core/scenario.ts';

/** The hour at which an evening message goes, if the window is still open then (spec: scenarios.md, confirmation and reminder). */
const EVENING = '20:00';

/** `YYYY-MM-DD` so many calendar days later; negative goes back. */
export function addDays(day: string, days: number): string {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toISODate() ?? '';
}

/** Calendar days from one local day to another. */
export function daysBetween(from: string, to: string): number {
  return DateTime.fromISO(to, { zone: 'utc' }).diff(DateTime.fromISO(from, { zone: 'utc' }), 'days').days;
}

/** The instant of a wall-clock time. A time that a DST gap leaves out is the first instant after it; one that comes twice is its first occurrence. */
export function atLocal(day: string, time: string, zone: string): Date {
  const tz = IANAZone.create(zone);
  const wall = DateTime.fromISO(`${day}T${time}`, { zone: 'utc' }).toMillis();
  const offsets = [wall - 26 * HOUR_MS, wall + 26 * HOUR_MS].map((at) => tz.offset(at) * MINUTE_MS);
  const real = offsets.map((offset) => wall - offset).filter((at) => at + tz.offset(at) * MINUTE_MS === wall);
  if (real.length > 0) return new Date(Math.min(...real));
  // Both readings miss: the wall time lies in a gap, and the clocks change between them.
  let before = Math.min(...offsets.map((offset) => wall - offset));
  let after = Math.max(...offsets.map((offset) => wall - offset));
  const changed = tz.offset(after);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (tz.offset(middle) === changed) after = middle;
    else before = middle;
  }
  return new Date(after);
}

/** The end of a local day, its last millisecond. */
export function endOfDay(day: string, zone: string): Date {
  return new Date(atLocal(addDays(day, 1), '00:00', zone).getTime() - 1);
}

/** Whether an instant lies in the window of its local day; the start belongs to it, the end does not. */
export function isWithin(at: Date, hours: Hours, zone: string): boolean {
  const day = localDay(at, zone);
  return at >= atLocal(day, hours.from, zone) && at < atLocal(day, hours.to, zone);
}

/** The window's end on the local day of an instant. */
export function windowEnd(at: Date, hours: Hours, zone: string): Date {
  return atLocal(localDay(at, zone), hours.to, zone);
}

/** Policy *defer*: the instant itself inside the window, else the next start of the window. */
export function defer(at: Date, hours: Hours, zone: string): Date {
  if (isWithin(at, hours, zone)) return at;
  const day = localDay(at, zone);
  const start = atLocal(day, hours.from, zone);
  return at < start ? start : atLocal(addDays(day, 1), hours.from, zone);
}

/** Outside the window: the last evening before that instant (spec: scenarios.md, confirmation). */
export function lastEveningBefore(at: Date, hours: Hours, zone: string): Date {
  if (isWithin(at, hours, zone)) return at;
  const day = localDay(at, zone);
  const sameDay = atLocal(day, eveningHour(hours), zone);
  return sameDay < at ? sameDay : atLocal(addDays(day, -1), eveningHour(hours), zone);
}

/** Outside the window: the evening of the day before a visit (spec: scenarios.md, reminder). */
export function eveningBeforeVisit(at: Date, start: Date, hours: Hours, zone: string): Date {
  if (isWithin(at, hours, zone)) return at;
  return atLocal(addDays(localDay(start, zone), -1), eveningHour(hours), zone);
}

/** 20:00, or the window's last hour if it ends by then; never before its start. */
function eveningHour(hours: Hours): string {
  const lastHour = DateTime.fromISO(`2000-01-02T${hours.to}`, { zone: 'utc' }).minus({ hours: 1 }).toFormat('HH:mm');
  const evening = hours.to > EVENING ? EVENING : lastHour;
  return evening < hours.from ? hours.from : evening;
}
