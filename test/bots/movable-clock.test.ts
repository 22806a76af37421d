import { describe, expect, it } from '@jest/globals';
import { createMovableClock } from '../../src/bots/simulator/movable-clock.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

async function emptyStore() {
  await stores.simulator.reset();
  return stores.simulator;
}

describe('The movable clock', () => {
  it('starts at real time, to the minute, when it is new', async () => {
    const real = fakeClock('2026-03-02T09:30:45.678Z');
    const clock = await createMovableClock({ store: await emptyStore(), real, wall: real });
    expect(clock.now()).toEqual(new Date('2026-03-02T09:30:00Z'));
    expect(clock.running()).toBe(false);
  });

  it('starts where it is told when it is new, and only then', async () => {
    const store = await emptyStore();
    const real = fakeClock('2026-03-02T09:30:45Z');
    const start = new Date('2026-03-09T08:00:00Z');
    const first = await createMovableClock({ store, real, wall: real, start });
    expect(first.now()).toEqual(start);
    await first.set(new Date('2026-03-10T08:00:00Z'));
    const second = await createMovableClock({ store, real, wall: real, start });
    expect(second.now()).toEqual(new Date('2026-03-10T08:00:00Z'));
  });

  it('stands while real time goes on', async () => {
    const real = fakeClock('2026-03-02T09:30:00Z');
    const clock = await createMovableClock({ store: await emptyStore(), real, wall: real });
    real.advance(3_600_000);
    expect(clock.now()).toEqual(new Date('2026-03-02T09:30:00Z'));
  });

  it('goes with real time when it runs, and stands again where it was stopped', async () => {
    const real = fakeClock('2026-03-02T09:30:00Z');
    const clock = await createMovableClock({ store: await emptyStore(), real, wall: real });
    await clock.run(true);
    real.advance(90_000);
    expect(clock.now()).toEqual(new Date('2026-03-02T09:31:30Z'));
    await clock.run(false);
    real.advance(90_000);
    expect(clock.now()).toEqual(new Date('2026-03-02T09:31:30Z'));
  });

  it('does not count the time in which the process is down', async () => {
    const store = await emptyStore();
    const real = fakeClock('2026-03-02T09:30:00Z');
    const first = await createMovableClock({ store, real, wall: real });
    await first.run(true);
    real.advance(10_000);
    await first.save();
    real.advance(3_600_000);
    const second = await createMovableClock({ store, real, wall: real });
    expect(second.running()).toBe(true);
    expect(second.now()).toEqual(new Date('2026-03-02T09:30:10Z'));
    real.advance(5000);
    expect(second.now()).toEqual(new Date('2026-03-02T09:30:15Z'));
  });
});
