import type { ChannelHealth } from '../../core/channel.ts';
import type { Clock, WallClock } from '../../core/clock.ts';

/** How the channel stands with Meta; what `health` shows. */
export interface Standing {
  started(): void;
  stopped(): void;
  isStarted(): boolean;
  up(): void;
  /** Nothing goes: `why` is a code such as `unauthorized`. */
  down(why: string): void;
  isUp(): boolean;
  /** Meta asked for a pause of so many real milliseconds. */
  limited(ms: number): void;
  /** How long to wait after one more failure in a row: doubling from `leastMs` up to `mostMs`. */
  pauseMs(leastMs: number, mostMs: number): number;
  /** Something went through: pauses begin anew. */
  went(): void;
  health(): ChannelHealth;
}

/** Starts as not connected. */
export function createStanding({ clock, wall }: { clock: Clock; wall: WallClock }): Standing {
  let running = false;
  let fault: string | null = null;
  let isKnown = false;
  let since = clock.now();
  let limitedUntilMs = 0;
  let failures = 0;

  const become = (known: boolean, why: string | null): void => {
    if (known === isKnown && why === fault) return;
    isKnown = known;
    fault = why;
    since = clock.now();
  };

  return {
    started() {
      running = true;
      become(false, null);
    },
    stopped() {
      running = false;
      become(false, null);
    },
    isStarted: () => running,
    up: () => become(true, null),
    down: (why) => become(true, why),
    isUp: () => running && isKnown && fault === null,
    limited(ms) {
      limitedUntilMs = Math.max(limitedUntilMs, wall.nowMs() + ms);
    },
    pauseMs(leastMs, mostMs) {
      failures += 1;
      return Math.min(mostMs, leastMs * 2 ** (failures - 1));
    },
    went() {
      failures = 0;
    },
    health() {
      if (!running || !isKnown) return { state: 'connecting', since };
      if (fault !== null) return { state: 'down', since, detail: fault };
      const leftMs = limitedUntilMs - wall.nowMs();
      if (leftMs <= 0) return { state: 'up', since };
      return { state: 'limited', since, limitedUntil: new Date(clock.now().getTime() + leftMs) };
    },
  };
}
