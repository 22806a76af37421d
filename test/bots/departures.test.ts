import { describe, expect, it } from '@jest/globals';
import { createDepartures, type Departures } from '../../src/bots/departures.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';

const START = '2026-03-02T09:00:00Z';

/** Three a second; a wait moves the clock. */
const open = (): { clock: FakeClock; departures: Departures; sinceStart: () => number } => {
  const clock = fakeClock(START);
  const pause = async (ms: number): Promise<void> => clock.advance(ms);
  const departures = createDepartures({ perSecond: 3, wall: clock, pause });
  return { clock, departures, sinceStart: () => clock.nowMs() - Date.parse(START) };
};

describe('A place among the messages of a second', () => {
  it('is free again a second after the answer, less the shortest trip of all', async () => {
    const { clock, departures, sinceStart } = open();
    for (const tripMs of [10, 300, 40]) {
      const departure = await departures.next(false);
      clock.advanceWall(tripMs);
      departure.arrived(true);
    }
    const left: number[] = [];
    for (let next = 0; next < 3; next += 1) {
      const departure = await departures.next(false);
      left.push(sinceStart());
      clock.advanceWall(10);
      departure.arrived(true);
    }
    // Counted at 0, 300 and 340 at the latest.
    expect(left).toEqual([1_002, 1_302, 1_342]);
  });

  it('keeps what a platform counts within any second, however late each message is on its way there', async () => {
    const { clock, departures, sinceStart } = open();
    const counted: number[] = [];
    for (const [outMs, backMs] of [
      [400, 5],
      [5, 5],
      [5, 90],
      [5, 5],
      [200, 5],
      [5, 5],
      [5, 60],
      [5, 5],
    ] as const) {
      const departure = await departures.next(false);
      clock.advanceWall(outMs);
      counted.push(sinceStart());
      clock.advanceWall(backMs);
      departure.arrived(true);
    }
    const within = counted.map((ms) => counted.filter((other) => other > ms - 1_000 && other <= ms).length);
    expect(Math.max(...within)).toBe(3);
  });

  it('is not free while nobody knows whether its message has come', async () => {
    const { clock, departures } = open();
    const [first] = await Promise.all([departures.next(false), departures.next(false), departures.next(false)]);
    const fourth = departures.next(false).then(() => clock.nowMs() - Date.parse(START));
    clock.advanceWall(20_000);
    first.arrived(false);
    expect(await fourth).toBe(21_002);
  });

  it('goes to what is urgent before what has waited for longer', async () => {
    const { departures } = open();
    const three = await Promise.all([departures.next(false), departures.next(false), departures.next(false)]);
    const order: string[] = [];
    const waiting = [
      departures.next(false).then(() => order.push('details')),
      departures.next(true).then(() => order.push('reply')),
      departures.next(false).then(() => order.push('survey')),
    ];
    for (const departure of three) departure.arrived(true);
    await Promise.all(waiting);
    expect(order).toEqual(['reply', 'details', 'survey']);
  });

  it('is given back at once where nothing left', async () => {
    const { departures, sinceStart } = open();
    for (let tried = 0; tried < 10; tried += 1) (await departures.next(false)).unused();
    expect(sinceStart()).toBe(0);
  });

  it('does not wait for a clock that went back to catch up', async () => {
    const { clock, departures } = open();
    for (let sent = 0; sent < 3; sent += 1) (await departures.next(false)).arrived(true);
    clock.set('2026-03-02T07:00:00Z');
    await departures.next(false);
    expect(clock.now()).toEqual(new Date('2026-03-02T07:00:00Z'));
  });
});
