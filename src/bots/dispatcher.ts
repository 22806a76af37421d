import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { TimedWork } from '../core/timed-work.ts';

const LONGEST_SLEEP_MS = 30_000;
const SHORTEST_SLEEP_MS = 200;

/** Drives the works outside the demo: wakes at the earliest due moment, and at once when poked. */
export interface Dispatcher {
  start(): void;
  /** Something was planned: looks again at once. Cheap to call often. */
  poke(): void;
  /** Resolves when nothing is at work any more. */
  stop(): Promise<void>;
}

/**
 * Each work has a timer of its own, so that a slow one holds up no other. It never sleeps longer than 30 s: a row that another
 * process planned, or whose claim ran out, is seen then.
 */
export function createDispatcher(deps: { works: readonly TimedWork[]; clock: Clock; log: Log }): Dispatcher {
  const drivers = deps.works.map((work) => drive(work, deps.clock, deps.log));
  return {
    start() {
      for (const driver of drivers) driver.poke();
    },
    poke() {
      for (const driver of drivers) driver.poke();
    },
    async stop() {
      await Promise.all(drivers.map((driver) => driver.stop()));
    },
  };
}

function drive(work: TimedWork, clock: Clock, log: Log): { poke(): void; stop(): Promise<void> } {
  const state: { timer?: NodeJS.Timeout; running: Promise<void> | null; poked: boolean; stopped: boolean } = {
    running: null,
    poked: false,
    stopped: false,
  };

  // Both may change while a turn is awaited.
  const isStopped = (): boolean => state.stopped;
  const isPoked = (): boolean => state.poked;

  /** Does what is due; gives the milliseconds to sleep. */
  const turn = async (): Promise<number> => {
    try {
      const due = await work.nextAt();
      if (due !== null && due <= clock.now()) await work.run(clock.now());
      const next = await work.nextAt();
      return next === null ? LONGEST_SLEEP_MS : next.getTime() - clock.now().getTime();
    } catch (error) {
      log.error('dispatcher.failed', { work: work.name, error });
      return LONGEST_SLEEP_MS / 10;
    }
  };

  const loop = async (): Promise<void> => {
    state.poked = false;
    const sleepMs = await turn();
    state.running = null;
    if (isStopped()) return;
    if (isPoked()) wake();
    else state.timer = setTimeout(wake, Math.min(Math.max(sleepMs, SHORTEST_SLEEP_MS), LONGEST_SLEEP_MS));
  };

  const wake = (): void => {
    clearTimeout(state.timer);
    state.running ??= loop();
  };

  return {
    poke() {
      state.poked = true;
      if (!state.stopped) wake();
    },
    async stop() {
      state.stopped = true;
      clearTimeout(state.timer);
      await state.running;
    },
  };
}
