import { type Clock, DAY_MS, type WallClock } from '../../core/clock.ts';

/** Meta repeats what was not taken for up to seven days. */
const OLDEST_MS = 8 * DAY_MS;

/**
 * When something happened, on our clock: Meta's seconds tell how long ago it was in real time, which no demo clock moves. What
 * lies ahead is now; what is older than Meta repeats (1970) is held to that age; without a time it is now.
 */
export function momentOf(seconds: number | null, { clock, wall }: { clock: Clock; wall: WallClock }): Date {
  const ageMs = seconds === null ? 0 : wall.nowMs() - seconds * 1000;
  return new Date(clock.now().getTime() - Math.min(OLDEST_MS, Math.max(0, ageMs)));
}
