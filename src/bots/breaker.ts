import { MINUTE_MS, type WallClock } from '../core/clock.ts';

/** Holds sends back while a platform fails: each would only become one more message of unknown outcome (spec: reliability.md B4, 29). */
export interface Breaker {
  /** Real milliseconds to wait before a call; 0: go. After a pause one call goes as a probe, and the others wait for it. */
  waitMs(): number;
  /** The call that was let go is not made after all. */
  idle(): void;
  /** A call ended without an answer that tells anything. */
  failed(): void;
  /** The platform answered, whatever it said. */
  answered(): void;
}

const TRIPS_AT = 3;
const LEAST_MS = 30_000;
const MOST_MS = 5 * MINUTE_MS;
const SPREAD = 0.2;
const PROBE_MS = 5000;

/** Opens after three failures in a row, for 30 s doubling up to 5 min, spread by up to a fifth. */
export function createBreaker({ wall, chance }: { wall: WallClock; chance: () => number }): Breaker {
  let failures = 0;
  let pauses = 0;
  let openUntilMs = 0;
  let isProbing = false;
  return {
    waitMs() {
      if (failures < TRIPS_AT) return 0;
      const leftMs = openUntilMs - wall.nowMs();
      if (leftMs > 0) return Math.ceil(leftMs);
      if (isProbing) return PROBE_MS;
      isProbing = true;
      return 0;
    },
    idle() {
      isProbing = false;
    },
    failed() {
      failures += 1;
      isProbing = false;
      // Calls that were under way together fail together: one pause for all of them.
      if (failures < TRIPS_AT || openUntilMs > wall.nowMs()) return;
      const pauseMs = Math.min(MOST_MS, LEAST_MS * 2 ** pauses);
      pauses += 1;
      openUntilMs = wall.nowMs() + pauseMs * (1 + chance() * SPREAD);
    },
    answered() {
      failures = 0;
      pauses = 0;
      openUntilMs = 0;
      isProbing = false;
    },
  };
}
