import { describe, expect, it } from '@jest/globals';
import { createMovableClock } from '../../src/bots/simulator/movable-clock.ts';
import { createReplay } from '../../src/bots/simulator/replay.ts';
import type { TimedWork } from '../../src/core/timed-work.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { quietLog } from '../support/quiet-log.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

const at = (time: string): Date => new Date(`2026-03-02T${time}:00Z`);

interface Planned {
  readonly work: TimedWork;
  add(time: string): void;
}

/** A work that says when it ran. */
function planned(name: string, times: readonly string[], seen: string[], onRun?: (now: Date) => void): Planned {
  let due = times.map(at);
  return {
    add: (time) => {
      due.push(at(time));
    },
    work: {
      name,
      nextAt: async () => due.reduce<Date | null>((best, one) => (best === null || one < best ? one : best), null),
      run: async (now) => {
        const done = due.filter((one) => one <= now).length;
        due = due.filter((one) => one > now);
        seen.push(`${name} ${now.toISOString().slice(11, 16)}`);
        onRun?.(now);
        return { sent: done, skipped: 1 };
      },
    },
  };
}

async function setUp(works: readonly TimedWork[], start = '09:00') {
  const real = fakeClock('2026-03-02T09:00:00Z');
  const store = stores.simulator;
  await store.reset();
  const clock = await createMovableClock({ store, real, wall: real, start: at(start) });
  let tick: () => void = () => undefined;
  const log = quietLog();
  const replay = createReplay({
    clock,
    works,
    log,
    every: (_ms, callback) => {
      tick = callback;
      return () => {
        tick = () => undefined;
      };
    },
  });
  return { replay, clock, real, store, log, tick: () => tick() };
}

describe('A move of the demo clock', () => {
  it('does first what is due now, then what falls due on the way, each at its own moment and in its order', async () => {
    const seen: string[] = [];
    const b = planned('b', ['08:00', '10:30'], seen);
    const a = planned('a', ['10:00', '11:00'], seen);
    const { replay } = await setUp([a.work, b.work]);
    const moved = await replay.move({ to: at('11:00') });
    expect(seen).toEqual(['b 09:00', 'a 10:00', 'b 10:30', 'a 11:00']);
    expect(moved).toEqual({ now: at('11:00'), sent: 4, skipped: 4 });
  });

  it('leaves what falls due later', async () => {
    const seen: string[] = [];
    const { replay } = await setUp([planned('a', ['10:00', '10:01'], seen).work]);
    await replay.move({ advanceMs: 3_600_000 });
    expect(seen).toEqual(['a 10:00']);
    await expect(replay.nextAt()).resolves.toEqual(at('10:01'));
  });

  it('does what its own steps make due on the way, at the moment of the step and of other works too', async () => {
    const seen: string[] = [];
    const b = planned('b', [], seen);
    const a = planned('a', ['10:00'], seen, () => {
      b.add('10:00');
      b.add('10:15');
    });
    const { replay } = await setUp([a.work, b.work]);
    await replay.move({ to: at('12:00') });
    expect(seen).toEqual(['a 10:00', 'b 10:00', 'b 10:15']);
  });

  it('takes the first of the list when two are due at the same moment', async () => {
    const seen: string[] = [];
    const { replay } = await setUp([planned('a', ['10:00'], seen).work, planned('b', ['10:00'], seen).work]);
    await replay.move({ to: at('10:00') });
    expect(seen).toEqual(['a 10:00', 'b 10:00']);
  });

  it('ends at its target although nothing fell due there', async () => {
    const { replay, store } = await setUp([]);
    await expect(replay.move({ to: at('15:00') })).resolves.toEqual({ now: at('15:00'), sent: 0, skipped: 0 });
    await expect(store.clock()).resolves.toEqual({ now: at('15:00'), running: false });
  });

  it('is refused backwards', async () => {
    const { replay } = await setUp([]);
    await expect(replay.move({ to: at('08:59') })).rejects.toMatchObject({ code: 'clockBackwards' });
    await expect(replay.move({ advanceMs: -1 })).rejects.toMatchObject({ code: 'clockBackwards' });
    expect(replay.state()).toEqual({ now: at('09:00'), running: false });
  });

  it('queues behind another one', async () => {
    const seen: string[] = [];
    const { replay } = await setUp([planned('a', ['10:00', '12:00'], seen).work]);
    const moves = await Promise.all([replay.move({ advanceMs: 7_200_000 }), replay.move({ advanceMs: 7_200_000 })]);
    expect(moves.map(({ now }) => now)).toEqual([at('11:00'), at('13:00')]);
    expect(seen).toEqual(['a 10:00', 'a 12:00']);
  });

  it('names a work that never gets on', async () => {
    const stuck: TimedWork = {
      name: 'stuck',
      nextAt: async () => at('09:30'),
      run: async () => ({ sent: 0, skipped: 0 }),
    };
    const { replay } = await setUp([stuck]);
    await expect(replay.move({ to: at('10:00') })).rejects.toThrow('The work stuck stays due at 2026-03-02T09:30');
  });

  it('keeps the place of the step at which it failed', async () => {
    const failing: TimedWork = {
      name: 'failing',
      nextAt: async () => at('09:30'),
      run: async () => {
        throw new Error('no store');
      },
    };
    const { replay } = await setUp([failing]);
    await expect(replay.move({ to: at('10:00') })).rejects.toThrow('no store');
    expect(replay.state().now).toEqual(at('09:30'));
  });
});

describe('A running demo clock', () => {
  it('does at once what is due when it is let go, and what falls due as it goes', async () => {
    const seen: string[] = [];
    const { replay, real, tick } = await setUp([planned('a', ['08:30', '09:02'], seen).work]);
    replay.start();
    await expect(replay.move({ run: true })).resolves.toEqual({ now: at('09:00'), sent: 1, skipped: 1 });
    real.advance(61_000);
    tick();
    await replay.move({ advanceMs: 0 });
    expect(seen).toEqual(['a 09:00']);
    real.advance(60_000);
    tick();
    await replay.stop();
    expect(seen).toEqual(['a 09:00', 'a 09:02']);
  });

  it('goes on running after a move', async () => {
    const { replay, real } = await setUp([]);
    await replay.move({ run: true });
    await replay.move({ to: at('12:00') });
    expect(replay.state().running).toBe(true);
    real.advance(60_000);
    expect(replay.state().now).toEqual(at('12:01'));
  });

  it('keeps its place when the service stops', async () => {
    const { replay, real, store } = await setUp([]);
    await replay.move({ run: true });
    real.advance(60_000);
    await replay.stop();
    await expect(store.clock()).resolves.toEqual({ now: at('09:01'), running: true });
  });

  it('writes down a tick that failed and ticks on', async () => {
    let runs = 0;
    const failing: TimedWork = {
      name: 'failing',
      nextAt: async () => (runs < 2 ? at('09:01') : null),
      run: async () => {
        runs += 1;
        if (runs === 1) throw new Error('no store');
        return { sent: 0, skipped: 0 };
      },
    };
    const { replay, real, tick, log } = await setUp([failing]);
    replay.start();
    await replay.move({ run: true });
    real.advance(60_000);
    tick();
    await replay.move({ run: true });
    tick();
    await replay.stop();
    expect(log.lines.map(({ event }) => event)).toEqual(['replay.tickFailed']);
    expect(runs).toBe(2);
  });
});
