import type { ClockMove, Replay } from '../../core/demo.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { NOTHING_DONE, type TimedWork, type WorkDone } from '../../core/timed-work.ts';
import { createLanes } from '../lanes.ts';
import type { MovableClock } from './movable-clock.ts';

const STUCK_AFTER = 10_000;
const TICK_MS = 1000;
const TICKS_A_SAVE = 5;

/** Replay with the ticks of a running clock; `start` when everything is recovered, `stop` before the store closes. */
export interface ReplayWithTicks extends Replay {
  start(): void;
  stop(): Promise<void>;
}

/**
 * Moves the demo clock and does all that falls due on the way, each at its own moment: of the works that are due, the one that
 * was due first, else the first of the list. `between` runs after each of them (replies that leave at once, followers).
 */
export function createReplay(deps: {
  clock: MovableClock;
  works: readonly TimedWork[];
  between?: () => Promise<void>;
  /** Calls back every `ms` of real time until the returned function is called. */
  every: (ms: number, tick: () => void) => () => void;
  log: Log;
}): ReplayWithTicks {
  const { clock, log } = deps;
  const moves = createLanes();
  let stopTicks: (() => void) | null = null;
  let ticks = 0;
  let ticking = false;

  const earliest = async (): Promise<{ work: TimedWork; at: Date } | null> => {
    let best: { work: TimedWork; at: Date } | null = null;
    for (const work of deps.works) {
      const at = await work.nextAt();
      if (at !== null && (best === null || at < best.at)) best = { work, at };
    }
    return best;
  };

  /** Does what is due up to `target`; the clock stands at the moment of each step when `stepping`. */
  const play = async (target: Date, stepping: boolean): Promise<WorkDone> => {
    let done = NOTHING_DONE;
    let before: { work: TimedWork; at: Date } | null = null;
    let idle = 0;
    for (let next = await earliest(); next !== null && next.at <= target; next = await earliest()) {
      idle = before?.work === next.work && before.at.getTime() === next.at.getTime() ? idle + 1 : 0;
      if (idle >= STUCK_AFTER) throw new Error(`The work ${next.work.name} stays due at ${next.at.toISOString()}.`);
      if (stepping && next.at > clock.now()) await clock.set(next.at);
      const did = await next.work.run(clock.now());
      await deps.between?.();
      done = { sent: done.sent + did.sent, skipped: done.skipped + did.skipped };
      before = next;
    }
    return done;
  };

  const move = async (to: ClockMove): Promise<WorkDone> => {
    if ('run' in to) {
      await clock.run(to.run);
      return to.run ? play(clock.now(), false) : NOTHING_DONE;
    }
    const goesOn = clock.running();
    const start = clock.now();
    const target = 'to' in to ? to.to : new Date(start.getTime() + to.advanceMs);
    if (target < start) throw new AppError('clockBackwards', 'the demo clock does not go back');
    await clock.set(start);
    try {
      const done = await play(target, true);
      await clock.set(target);
      return done;
    } finally {
      if (goesOn) await clock.run(true);
    }
  };

  const tick = async (): Promise<void> => {
    if (!clock.running()) return;
    await play(clock.now(), false);
    ticks += 1;
    if (ticks % TICKS_A_SAVE === 0) await clock.save();
  };

  return {
    state: () => ({ now: clock.now(), running: clock.running() }),
    nextAt: async () => (await earliest())?.at ?? null,
    move: (to) =>
      moves.run('move', async () => {
        const { sent, skipped } = await move(to);
        return { now: clock.now(), sent, skipped };
      }),
    start() {
      stopTicks ??= deps.every(TICK_MS, () => {
        // A tick that finds the one before it still at work, or waiting for a move, is left out.
        if (!clock.running() || ticking) return;
        ticking = true;
        moves
          .run('move', tick)
          .catch((error: unknown) => log.error('replay.tickFailed', { error }))
          .finally(() => {
            ticking = false;
          });
      });
    },
    async stop() {
      stopTicks?.();
      stopTicks = null;
      await moves.idle('move');
      if (clock.running()) await clock.save();
    },
  };
}
