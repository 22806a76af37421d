import type { Clock, WallClock } from '../../src/core/clock.ts';

/** A clock that stands until the test moves it; its wall time goes with it unless moved apart. */
export interface FakeClock extends Clock, WallClock {
  set(now: string | Date): void;
  advance(ms: number): void;
  /** Moves real time only, as when a process sleeps. */
  advanceWall(ms: number): void;
}

export function fakeClock(start: string): FakeClock {
  let now = new Date(start);
  let apart = 0;
  return {
    now: () => now,
    nowMs: () => now.getTime() + apart,
    set(next) {
      now = new Date(next);
    },
    advance(ms) {
      now = new Date(now.getTime() + ms);
    },
    advanceWall(ms) {
      apart += ms;
    },
  };
}
