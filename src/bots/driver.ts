import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { TimedWork } from '../core/timed-work.ts';
import { createDispatcher } from './dispatcher.ts';
import type { MovableClock } from './simulator/movable-clock.ts';
import { createReplay, type ReplayWithTicks } from './simulator/replay.ts';

/** What makes works run at their moments: real time, or the demo's clock. */
export interface Driver {
  start(): void;
  /** Something was planned: it is looked at again at once. The demo's clock heeds its moves only. */
  poke(): void;
  stop(): Promise<void>;
  /** Null outside the demo. */
  readonly replay: ReplayWithTicks | null;
}

/** In the demo a move of the clock does what is due (spec: api.md, Demo); else each work has a timer of its own. */
export function createDriver(deps: {
  works: readonly TimedWork[];
  /** Works of the demo that come before the others. */
  demoWorks: readonly TimedWork[];
  movable: MovableClock | null;
  clock: Clock;
  between: () => Promise<void>;
  every: (ms: number, tick: () => void) => () => void;
  log: Log;
}): Driver {
  const { works, demoWorks, movable, clock, between, every, log } = deps;
  if (movable === null) return { ...createDispatcher({ works, clock, log }), replay: null };
  const replay = createReplay({ clock: movable, works: [...demoWorks, ...works], between, every, log });
  return { start: () => replay.start(), stop: () => replay.stop(), poke: () => undefined, replay };
}
