/** The only source of the present moment. In demo mode it is movable; wall time for leases comes from `WallClock`. */
export interface Clock {
  now(): Date;
}

/** Real elapsed time, which no demo clock moves; for leases and timeouts only. */
export interface WallClock {
  nowMs(): number;
}

/** Makes ids that sort by the time of their making and are safe in URLs (`A–Z a–z 0–9 _ -`, at most 40 characters). */
export type NewId = () => string;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The beginning of its minute. */
export function toMinute(at: Date): Date {
  return new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS);
}
