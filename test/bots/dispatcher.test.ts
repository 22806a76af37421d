import { describe, expect, it } from '@jest/globals';
import { createDispatcher } from '../../src/bots/dispatcher.ts';
import type { TimedWork } from '../../src/core/timed-work.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { type Gate, gate } from '../support/gate.ts';
import { quietLog } from '../support/quiet-log.ts';

const START = '2026-03-02T09:00:00Z';

/** A work whose due moment the test sets; each run opens the next gate. */
function setWork(name: string, runs: readonly Gate[]) {
  const state: { due: Date | null; ran: number } = { due: null, ran: 0 };
  const work: TimedWork = {
    name,
    nextAt: async () => state.due,
    run: async () => {
      state.due = null;
      runs[state.ran]?.open();
      state.ran += 1;
      return { sent: 0, skipped: 0 };
    },
  };
  return { work, state };
}

describe('The dispatcher', () => {
  it('does what is due when it starts, and nothing that is not', async () => {
    const ran = gate();
    const due = setWork('due', [ran]);
    const later = setWork('later', []);
    due.state.due = new Date('2026-03-02T08:59:00Z');
    later.state.due = new Date('2026-03-02T09:00:01Z');
    const dispatcher = createDispatcher({ works: [due.work, later.work], clock: fakeClock(START), log: quietLog() });
    dispatcher.start();
    await ran.opened;
    await dispatcher.stop();
    expect(later.state.ran).toBe(0);
  });

  it('looks at once when it is poked', async () => {
    const ran = gate();
    const { work, state } = setWork('work', [ran]);
    const dispatcher = createDispatcher({ works: [work], clock: fakeClock(START), log: quietLog() });
    dispatcher.start();
    state.due = new Date(START);
    dispatcher.poke();
    await ran.opened;
    await dispatcher.stop();
    expect(state.ran).toBe(1);
  });

  it('wakes by itself when the next moment comes', async () => {
    const ran = [gate(), gate()] as const;
    const clock = fakeClock(START);
    const { work, state } = setWork('work', ran);
    state.due = new Date(START);
    const dispatcher = createDispatcher({ works: [work], clock, log: quietLog() });
    dispatcher.start();
    await ran[0].opened;
    state.due = new Date('2026-03-02T09:00:00.100Z');
    clock.advance(100);
    await ran[1].opened;
    await dispatcher.stop();
    expect(state.ran).toBe(2);
  });

  it('goes on with a work that failed, which it logs, and with the others', async () => {
    const ran = gate();
    const log = quietLog();
    const good = setWork('good', [ran]);
    good.state.due = new Date(START);
    const bad: TimedWork = {
      name: 'bad',
      nextAt: async () => {
        throw new Error('no store');
      },
      run: async () => ({ sent: 0, skipped: 0 }),
    };
    const dispatcher = createDispatcher({ works: [bad, good.work], clock: fakeClock(START), log });
    dispatcher.start();
    await ran.opened;
    await dispatcher.stop();
    expect(log.lines.map(({ event, fields }) => `${event} ${String(fields?.['work'])}`)).toEqual([
      'dispatcher.failed bad',
    ]);
  });

  it('does nothing more once it is stopped', async () => {
    const { work, state } = setWork('work', []);
    const dispatcher = createDispatcher({ works: [work], clock: fakeClock(START), log: quietLog() });
    dispatcher.start();
    await dispatcher.stop();
    state.due = new Date(START);
    dispatcher.poke();
    await dispatcher.stop();
    expect(state.ran).toBe(0);
  });
});
