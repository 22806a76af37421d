import { HOUR_MS } from '../core/clock.ts';
import type { Hours } from '../core/scenario.ts';
import { addDays, atLocal, defer, isWithin, windowEnd } from './windows.ts';

/** When a scenario message goes: at `at` or later, inside `hours`, and never at or after `latestAt`. */
export interface Moment {
  readonly at: Date;
  readonly latestAt: Date;
  readonly hours: Hours | null;
  /** The moment cannot be kept: it lies outside a window that drops, or the visit was booked or stored too late for it. */
  readonly missed: boolean;
}

/** At once or never: `at` inside the window, up to an hour later, but not past the window's end (details, greeting). */
export function promptMoment(at: Date, hours: Hours, zone: string, missed: boolean): Moment {
  const hour = at.getTime() + HOUR_MS;
  const latestAt = new Date(Math.min(hour, windowEnd(at, hours, zone).getTime()));
  return { at, latestAt, hours, missed: missed || !isWithin(at, hours, zone) };
}

/** The next instant of the window, up to `latestAt` (recommendations after, survey). */
export function deferredMoment(at: Date, latestAt: Date, hours: Hours, zone: string): Moment {
  return { at: defer(at, hours, zone), latestAt, hours, missed: false };
}

/** Hours of the returns (spec: scenarios.md, table). */
const RETURN_HOURS: Hours = { from: '10:00', to: '20:00' };

/** The day after `day` at 10:00, or the next window once the status is there; up to 20:00 of the third day. */
export function returnMoment(day: string, statusAt: Date, zone: string): Moment {
  const planned = atLocal(addDays(day, 1), RETURN_HOURS.from, zone);
  const at = defer(statusAt > planned ? statusAt : planned, RETURN_HOURS, zone);
  return { at, latestAt: atLocal(addDays(day, 3), RETURN_HOURS.to, zone), hours: RETURN_HOURS, missed: false };
}
