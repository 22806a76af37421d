import { afterEach, describe, expect, it } from '@jest/globals';
import { createAgenda, type Ticks } from '../../src/scenarios/agenda.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { quietLog } from '../support/quiet-log.ts';
import { openTestStores } from '../support/stores.ts';

const opened = await openTestStores();
let started: readonly Ticks[] = [];

afterEach(async () => {
  await Promise.all(started.map((ticks) => ticks.stop()));
  started = [];
});

function agendaOf(run: (now: Date) => Promise<unknown>, name = 'sweep') {
  const clock = fakeClock('2026-11-24T09:00:00Z');
  const log = quietLog();
  const works = [{ name, everyMs: 60_000, run }];
  const ticks = createAgenda({ db: opened.jobsDb(), works, clock, log, lookEveryMs: 100 });
  started = [...started, ticks];
  return { ticks, clock, log };
}

/** A promise and the function that keeps it. */
function promised(): { readonly kept: Promise<Date>; keep(now: Date): void } {
  let keep: (now: Date) => void = () => undefined;
  const kept = new Promise<Date>((resolve) => {
    keep = resolve;
  });
  return { kept, keep: (now) => keep(now) };
}

describe('The ticks', () => {
  it('run a work through the real Agenda, with the time of the clock', async () => {
    const { kept, keep } = promised();
    const { ticks } = agendaOf(async (now) => keep(now), 'first');
    await ticks.start();
    await expect(kept).resolves.toEqual(new Date('2026-11-24T09:00:00Z'));
    expect(ticks.healthy()).toBe(true);
  });

  it('are one job a work in the store, however often the service starts', async () => {
    for (let start = 0; start < 3; start += 1) {
      const { ticks } = agendaOf(async () => undefined, 'kept');
      await ticks.start();
      await ticks.stop();
    }
    expect(await opened.jobsDb().collection('agendaJobs').countDocuments({ name: 'kept' })).toBe(1);
  });

  it('are unhealthy when one has not run for two of its periods, and the watchdog runs it', async () => {
    const runs: Date[] = [];
    const { ticks, clock } = agendaOf(async (now) => runs.push(now), 'watched');
    await ticks.start();
    await ticks.watch(clock.now());
    clock.advance(151_000);
    expect(ticks.healthy()).toBe(false);
    await ticks.watch(clock.now());
    expect(runs.at(-1)).toEqual(new Date('2026-11-24T09:02:31Z'));
    expect(ticks.healthy()).toBe(true);
  });

  it('go on when a work fails, and say so once', async () => {
    const { kept, keep } = promised();
    const { ticks, log } = agendaOf(async (now) => {
      keep(now);
      throw new Error('the store is away');
    }, 'failing');
    await ticks.start();
    await kept;
    await ticks.stop();
    expect(log.lines.map(({ event }) => event)).toEqual(['agenda.workFailed']);
  });

  it('are unhealthy before the start and after the stop', async () => {
    const { ticks } = agendaOf(async () => undefined, 'stopped');
    expect(ticks.healthy()).toBe(false);
    await ticks.start();
    await ticks.stop();
    expect(ticks.healthy()).toBe(false);
  });
});
