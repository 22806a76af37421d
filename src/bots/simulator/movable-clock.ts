import { type Clock, toMinute, type WallClock } from '../../core/clock.ts';
import type { SimulatorStore } from '../../core/simulator.ts';

/** The demo's clock: stands, or goes with real time from where it stood. Its place is kept over a restart. */
export interface MovableClock extends Clock {
  running(): boolean;
  /** Stands at this moment until it is moved again or let go; kept in the store. */
  set(now: Date): Promise<void>;
  /** Lets the clock go from where it is, or stops it there. */
  run(running: boolean): Promise<void>;
  /** Keeps its present place; call it every few seconds while it runs. */
  save(): Promise<void>;
}

/**
 * Starts where the store says, else at `start`, else at real time to the minute. Time in which the process is down does not
 * count: a running clock goes on from the place that was kept last (spec: api.md, The clock).
 */
export async function createMovableClock(deps: {
  store: Pick<SimulatorStore, 'clock' | 'saveClock'>;
  real: Clock;
  wall: WallClock;
  start?: Date;
}): Promise<MovableClock> {
  const { store, wall } = deps;
  const stored = await store.clock();
  let base = stored?.now ?? deps.start ?? toMinute(deps.real.now());
  let running = stored?.running ?? false;
  // Null while it stands; a running clock that is being moved stands at each step.
  let since = running ? wall.nowMs() : null;

  const now = (): Date => (since === null ? base : new Date(base.getTime() + Math.max(0, wall.nowMs() - since)));
  const save = (): Promise<void> => store.saveClock({ now: now(), running });
  if (stored === null) await save();

  return {
    now,
    running: () => running,
    async set(next) {
      base = next;
      since = null;
      await save();
    },
    async run(next) {
      base = now();
      running = next;
      since = next ? wall.nowMs() : null;
      await save();
    },
    save,
  };
}
