import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createAgenda, type Ticks } from '../../src/scenarios/agenda.ts';
import { systemClock } from '../../src/system.ts';
import { deliveryBench } from '../support/delivery-bench.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { quietLog } from '../support/quiet-log.ts';
import { openTestStores } from '../support/stores.ts';
import { until } from '../support/until.ts';

/** Agenda leaves a timer of five minutes behind each run, stopped or not: Jest would not end. */
const { setTimeout: realTimeout } = globalThis;
jest.spyOn(globalThis, 'setTimeout').mockImplementation((...args: Parameters<typeof realTimeout>) => {
  const timer = realTimeout(...args);
  return (args[1] ?? 0) >= 60_000 ? timer.unref() : timer;
});

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

const jobs = opened.jobsDb().collection('agendaJobs');

/** A work of a period of a minute that has run once, and the moments of its runs. */
async function running(name: string) {
  const runs: string[] = [];
  const made = agendaOf(async (now) => runs.push(now.toISOString().slice(11, 19)), name);
  await made.ticks.start();
  await until(async () => runs.length === 1 && (await jobs.findOne({ name }))?.['lockedAt'] === null, {
    what: 'the first run',
  });
  /** As the watchdog looks by itself, every five seconds, for so long. */
  const watchFor = async (seconds: number): Promise<void> => {
    for (let passed = 0; passed < seconds; passed += 5) {
      made.clock.advance(5_000);
      await made.ticks.watch(made.clock.now());
    }
  };
  return { ...made, runs, watchFor };
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

describe('A tick', () => {
  it('whose job was deleted is run by the watchdog within two periods, and by Agenda again from then on', async () => {
    const { runs, watchFor } = await running('deleted');
    await jobs.deleteOne({ name: 'deleted' });
    await watchFor(60);
    expect(runs).toEqual(['09:00:00']);
    await watchFor(60);
    expect(runs[1]).toBe('09:01:55');
    await until(() => runs.length === 3, { what: 'Agenda’s own run' });
    expect(await jobs.countDocuments({ name: 'deleted' })).toBe(1);
  });

  it('whose job is locked by nobody is run by the watchdog within two periods, and by Agenda again from then on', async () => {
    const { runs, watchFor } = await running('stuck');
    await jobs.updateOne({ name: 'stuck' }, { $set: { lockedAt: systemClock.now(), nextRunAt: systemClock.now() } });
    await watchFor(60);
    expect(runs).toEqual(['09:00:00']);
    await watchFor(60);
    expect(runs[1]).toBe('09:01:55');
    await until(() => runs.length === 3, { what: 'Agenda’s own run' });
    expect(await jobs.findOne({ name: 'stuck' })).toMatchObject({ name: 'stuck' });
  });

  it('whose job was locked by a process that died long ago is run by Agenda at once', async () => {
    const { runs } = await running('left');
    const lockedAt = new Date(systemClock.now().getTime() - 11 * 60_000);
    await jobs.updateOne({ name: 'left' }, { $set: { lockedAt, nextRunAt: lockedAt } });
    await until(() => runs.length === 2, { what: 'the run' });
    expect(runs).toEqual(['09:00:00', '09:00:00']);
  });

  it('that another instance runs is not late here: neither the watchdog nor readiness minds', async () => {
    const { ticks, clock, runs, log } = await running('shared');
    for (let passed = 0; passed < 240; passed += 5) {
      clock.advance(5_000);
      // What Agenda writes when the other instance has done it.
      if (passed % 60 === 0) await jobs.updateOne({ name: 'shared' }, { $set: { lastFinishedAt: clock.now() } });
      await ticks.watch(clock.now());
      expect(ticks.healthy()).toBe(true);
    }
    expect(runs).toEqual(['09:00:00']);
    expect(log.lines).toEqual([]);
  });

  it('that fails in every instance is unhealthy, however often it is begun', async () => {
    const { ticks, clock } = agendaOf(async () => {
      throw new Error('no');
    }, 'broken');
    await ticks.start();
    await until(async () => (await jobs.findOne({ name: 'broken' }))?.['failCount'] === 1, { what: 'the failure' });
    for (let passed = 0; passed < 151; passed += 5) {
      clock.advance(5_000);
      await ticks.watch(clock.now());
    }
    expect(ticks.healthy()).toBe(false);
  });

  it('that two instances run at the same moment sends nothing twice', async () => {
    const bench = await deliveryBench(opened.stores);
    await bench.ledger.topUp('hill', 10_000, 'more', bench.clock.now());
    const instances = ['p1', 'p2'].map((owner) => {
      const { work } = bench.process({ owner, exclusive: false, deps: { concurrency: 5 } });
      const works = [{ name: work.name, everyMs: 60_000, run: (now: Date) => work.run(now) }];
      return createAgenda({ db: opened.jobsDb(), works, clock: bench.clock, log: quietLog(), lookEveryMs: 100 });
    });
    started = instances;
    await Promise.all(instances.map((ticks) => ticks.start()));
    for (let planned = 0; planned < 20; planned += 1) await bench.plan();
    bench.clock.advance(120_000);
    await Promise.all(instances.map((ticks) => ticks.watch(bench.clock.now())));
    expect(bench.whatsapp.calls).toHaveLength(20);
    expect(new Set(bench.whatsapp.arrived.map(({ messageId }) => messageId)).size).toBe(20);
    expect(await bench.charged()).toEqual(['whatsapp 20×2000']);
  });
});
