import { beforeEach, describe, expect, it } from '@jest/globals';
import { createPacing, type Pacing } from '../../src/bots/pacing.ts';
import type { ChannelPace } from '../../src/core/channel.ts';
import type { ChannelName } from '../../src/core/channel-name.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { quietLog } from '../support/quiet-log.ts';
import { openTestStores } from '../support/stores.ts';
import { until } from '../support/until.ts';

const { stores } = await openTestStores();

const start = '2026-03-02T09:00:00Z';
const up = { state: 'up', since: new Date(start) } as const;

/** One instance; those of one test share the store. */
function pacingOn(clock: FakeClock, paces: Partial<Record<ChannelName, ChannelPace>> = {}): Pacing {
  const channels = new Map(
    (Object.entries(paces) as [ChannelName, ChannelPace][]).map(([name, pace]) => [name, { pace }] as const),
  );
  return createPacing({
    clock,
    wall: clock,
    channels,
    paces: stores.paces,
    chance: () => 0.5,
    pause: async (ms) => clock.advance(ms),
    log: quietLog(),
  });
}

const TEN_A_SECOND: ChannelPace = { perSecond: 10, perChatMs: 0 };
const bulk = (to: string, channel: ChannelName = 'telegram') =>
  ({ channel, to, kind: 'scenario', again: false, isCold: async () => false }) as const;
const NINE = Date.parse(start);

describe('Pacing', () => {
  it('leaves a channel alone until the end of its retry_after and not a moment longer', () => {
    const clock = fakeClock(start);
    const pacing = pacingOn(clock);
    pacing.limit('telegram', new Date('2026-03-02T09:01:00Z'));
    clock.set('2026-03-02T09:00:59.999Z');
    expect(pacing.limitedUntil('telegram')).toEqual(new Date('2026-03-02T09:01:00Z'));
    clock.set('2026-03-02T09:01:00Z');
    expect(pacing.limitedUntil('telegram')).toBeNull();
  });

  it('keeps the longer of two pauses', () => {
    const pacing = pacingOn(fakeClock(start));
    pacing.limit('telegram', new Date('2026-03-02T10:00:00Z'));
    pacing.limit('telegram', new Date('2026-03-02T09:00:01Z'));
    expect(pacing.limitedUntil('telegram')).toEqual(new Date('2026-03-02T10:00:00Z'));
  });

  it('forgets a limit that lies ahead of a clock that went back', () => {
    const clock = fakeClock(start);
    const pacing = pacingOn(clock);
    pacing.limit('telegram', new Date('2026-03-02T09:01:00Z'));
    clock.set('2026-03-01T09:00:00Z');
    expect(pacing.limitedUntil('telegram')).toBeNull();
  });

  it('holds no other channel back', () => {
    const pacing = pacingOn(fakeClock(start));
    pacing.limit('telegram', new Date('2026-03-02T10:00:00Z'));
    expect(pacing.limitedUntil('whatsapp')).toBeNull();
  });

  it('shows a channel that is up as limited, and says until when', () => {
    const clock = fakeClock(start);
    const pacing = pacingOn(clock);
    pacing.limit('telegram', new Date('2026-03-02T09:01:00Z'));
    expect(pacing.over('telegram', up)).toEqual({
      state: 'limited',
      since: new Date(start),
      limitedUntil: new Date('2026-03-02T09:01:00Z'),
    });
    expect(pacing.over('telegram', { ...up, state: 'down' })).toEqual({ ...up, state: 'down' });
    clock.set('2026-03-02T09:01:00Z');
    expect(pacing.over('telegram', up)).toEqual(up);
  });
});

describe('Pacing of a platform', () => {
  beforeEach(() => stores.simulator.reset());

  it('is one rhythm for two instances together', async () => {
    const clock = fakeClock(start);
    const [one, other] = [pacingOn(clock, { telegram: TEN_A_SECOND }), pacingOn(clock, { telegram: TEN_A_SECOND })];
    const turns = [await one.turn(bulk('1')), await other.turn(bulk('2')), await one.turn(bulk('3'))];
    expect(turns).toEqual([{ atMs: NINE }, { atMs: NINE + 100 }, { atMs: NINE + 200 }]);
  });

  it('sends a row that finds no place within two seconds back, and spreads those that follow', async () => {
    const pacing = pacingOn(fakeClock(start), { telegram: { perSecond: 0.2, perChatMs: 0 } });
    const turns = [];
    for (const to of ['1', '2', '3']) turns.push(await pacing.turn(bulk(to)));
    expect(turns).toEqual([
      { atMs: NINE },
      { notBefore: new Date('2026-03-02T09:00:05Z') },
      { notBefore: new Date('2026-03-02T09:00:10Z') },
    ]);
  });

  it('lets a reply go at once and makes bulk wait for it', async () => {
    const pacing = pacingOn(fakeClock(start), { telegram: TEN_A_SECOND });
    await pacing.turn(bulk('1'));
    expect(await pacing.turn({ ...bulk('2'), kind: 'reply' })).toEqual({ atMs: NINE });
    expect(await pacing.turn(bulk('3'))).toEqual({ atMs: NINE + 200 });
  });

  it('holds a reply until the end of a silence that another instance met, not behind the bulk', async () => {
    const pacing = pacingOn(fakeClock(start), { telegram: { perSecond: 0.2, perChatMs: 0 } });
    for (const to of ['1', '2', '3', '4']) await pacing.turn(bulk(to));
    await stores.paces.close('telegram', NINE + 3_000);
    expect(await pacing.turn({ ...bulk('5'), kind: 'reply' })).toEqual({
      notBefore: new Date('2026-03-02T09:00:03Z'),
    });
  });

  it('leaves a second between two messages to one chat', async () => {
    const pacing = pacingOn(fakeClock(start), { telegram: { perSecond: 10, perChatMs: 1_000 } });
    const turns = [await pacing.turn(bulk('1')), await pacing.turn(bulk('2')), await pacing.turn(bulk('1'))];
    expect(turns).toEqual([{ atMs: NINE }, { atMs: NINE + 100 }, { atMs: NINE + 1_000 }]);
  });

  it('pauses for a random length where the platform watches for robots', async () => {
    const pacing = pacingOn(fakeClock(start), { whatsapp: { perSecond: 1, perChatMs: 0, betweenMs: [1_000, 2_000] } });
    const turns = [await pacing.turn(bulk('1', 'whatsapp')), await pacing.turn(bulk('2', 'whatsapp'))];
    expect(turns).toEqual([{ atMs: NINE }, { atMs: NINE + 1_500 }]);
  });

  it('writes to so many strangers a day and no more; those who wrote before are not counted', async () => {
    const pacing = pacingOn(fakeClock(start), { whatsapp: { perSecond: 10, perChatMs: 0, coldPerDay: 1 } });
    const cold = { ...bulk('1', 'whatsapp'), isCold: async () => true };
    expect(await pacing.turn(cold)).toEqual({ atMs: NINE });
    expect(await pacing.turn(cold)).toEqual({ notBefore: new Date('2026-03-03T00:00:00Z') });
    expect(await pacing.turn(bulk('2', 'whatsapp'))).toEqual({ atMs: NINE + 200 });
  });

  it('keeps a retry_after over a restart and for every other instance', async () => {
    const clock = fakeClock(start);
    const pacing = pacingOn(clock, { telegram: TEN_A_SECOND });
    pacing.limit('telegram', new Date('2026-03-02T09:00:30Z'));
    await until(async () => (await stores.paces.closedUntilMs('telegram')) > 0);
    const other = pacingOn(clock, { telegram: TEN_A_SECOND });
    expect(await other.turn({ ...bulk('1'), kind: 'reply' })).toEqual({ notBefore: new Date('2026-03-02T09:00:30Z') });
    expect(other.limitedUntil('telegram')).toEqual(new Date('2026-03-02T09:00:30Z'));
    const restarted = pacingOn(clock, { telegram: TEN_A_SECOND });
    await restarted.load();
    expect(restarted.limitedUntil('telegram')).toEqual(new Date('2026-03-02T09:00:30Z'));
    clock.set('2026-03-02T09:00:30Z');
    expect(await restarted.turn(bulk('1'))).toEqual({ atMs: NINE + 30_000 });
  });

  it('lets no more leave than arrive within a second, and replies before bulk', async () => {
    const clock = fakeClock(start);
    const pacing = pacingOn(clock, { telegram: { perSecond: 2, perChatMs: 0 } });
    const leave = async (what: string, urgent: boolean): Promise<string> => {
      const departure = await pacing.leaving('telegram', urgent);
      if ('notBefore' in departure) return `${what} not`;
      const leftMs = clock.nowMs() - NINE;
      departure.arrived(true);
      return `${what} ${leftMs}`;
    };
    expect([await leave('one', false), await leave('two', false)]).toEqual(['one 0', 'two 0']);
    expect(await Promise.all([leave('three', false), leave('reply', true)])).toEqual(['three 1002', 'reply 1002']);
  });

  it('lets nothing leave into a silence that began since the turn was taken, here or at another instance', async () => {
    const clock = fakeClock(start);
    const [one, other] = [pacingOn(clock, { telegram: TEN_A_SECOND }), pacingOn(clock, { telegram: TEN_A_SECOND })];
    expect(await other.turn(bulk('1'))).toEqual({ atMs: NINE });
    one.limit('telegram', new Date('2026-03-02T09:00:30Z'));
    await until(async () => (await stores.paces.closedUntilMs('telegram')) > 0);
    const notBefore = new Date('2026-03-02T09:00:30Z');
    expect([await one.leaving('telegram', true), await other.leaving('telegram', false)]).toEqual([
      { notBefore },
      { notBefore },
    ]);
    expect(other.limitedUntil('telegram')).toEqual(notBefore);
  });

  describe('to a group', () => {
    const TELEGRAM: ChannelPace = {
      perSecond: 10,
      perChatMs: 1_000,
      groups: { of: (to) => (to.startsWith('-') ? (to.split('#')[0] ?? null) : null), eachMs: 3_000 },
    };
    interface Asked {
      readonly name: string;
      readonly kind: 'staff' | 'alert';
      readonly to: string;
      lookMs: number;
      again: boolean;
    }

    /** Has all of them look at their moments, as delivery does, on the instances in turn; says what left when, in seconds. */
    const played = async (asked: readonly Asked[], instances: number): Promise<readonly string[]> => {
      const clock = fakeClock(start);
      const pacings = Array.from({ length: instances }, () => pacingOn(clock, { telegram: TELEGRAM }));
      const left: { name: string; atMs: number }[] = [];
      const waiting = [...asked];
      for (let looks = 0; waiting.length > 0; looks += 1) {
        waiting.sort((one, other) => one.lookMs - other.lookMs);
        const [row] = waiting;
        const pacing = pacings[looks % instances];
        if (row === undefined || pacing === undefined) break;
        if (row.lookMs > clock.nowMs()) clock.set(new Date(row.lookMs));
        const { name, kind, to, again } = row;
        const turn = await pacing.turn({ ...bulk(to), kind, again });
        if ('atMs' in turn) {
          waiting.shift();
          left.push({ name, atMs: turn.atMs });
        } else Object.assign(row, { lookMs: turn.notBefore.getTime(), again: true });
      }
      return left
        .sort((one, other) => one.atMs - other.atMs)
        .map(({ name, atMs }) => `${name} ${(atMs - NINE) / 1000}`);
    };
    const staff = (name: string, atMs = 0): Asked => {
      const to = `-100#${name.slice(0, 2)}`;
      return { name, kind: 'staff', to, lookMs: NINE + atMs, again: false };
    };
    const alert = (name: string, atMs: number): Asked => ({ ...staff(name, atMs), kind: 'alert', to: '-100' });

    it('is one rhythm for all its topics, in the order of their coming, on all instances', async () => {
      const rows = ['p1.1', 'p2.1', 'p1.2', 'p1.3', 'p2.2'].map((name) => staff(name));
      expect(await played(rows, 2)).toEqual(['p1.1 0', 'p2.1 3', 'p1.2 6', 'p1.3 9', 'p2.2 12']);
    });

    it('lets nothing that comes later overtake what was put off', async () => {
      const rows = [staff('p1.1'), staff('p1.2'), staff('p1.3'), staff('p1.4', 1_500), staff('p1.5', 7_500)];
      expect(await played(rows, 2)).toEqual(['p1.1 0', 'p1.2 3', 'p1.3 6', 'p1.4 9', 'p1.5 12']);
    });

    it('takes an alert next, and what it pushes back keeps its order and the rhythm', async () => {
      const rows = ['p1.1', 'p1.2', 'p1.3', 'p1.4', 'p1.5'].map((name) => staff(name));
      const alerts = [alert('low', 4_000), alert('down', 4_000)];
      expect(await played([...rows, ...alerts], 1)).toEqual([
        'p1.1 0',
        'p1.2 3',
        'low 6',
        'down 9',
        'p1.3 12',
        'p1.4 15',
        'p1.5 18',
      ]);
    });

    it('ends late in a flood, and loses nothing', async () => {
      const rows = Array.from({ length: 200 }, (_, at) => staff(`p${at % 7}.${at}`));
      const left = await played(rows, 2);
      expect(left).toHaveLength(200);
      expect(left.map((line) => Number(line.split(' ')[1]))).toEqual(rows.map((_, at) => at * 3));
      expect(left.map((line) => line.split(' ')[0])).toEqual(rows.map(({ name }) => name));
    });

    it('holds no patient back, and no other group', async () => {
      const pacing = pacingOn(fakeClock(start), { telegram: TELEGRAM });
      const ask = (to: string, kind: 'staff' | 'reply' | 'scenario') => pacing.turn({ ...bulk(to), kind });
      expect([
        await ask('-100#p1', 'staff'),
        await ask('-100#p2', 'staff'),
        await ask('700', 'reply'),
        await ask('-200', 'staff'),
        await ask('701', 'scenario'),
      ]).toEqual([
        { atMs: NINE },
        { notBefore: new Date('2026-03-02T09:00:03Z'), queued: true },
        { atMs: NINE },
        { atMs: NINE },
        { atMs: NINE + 300 },
      ]);
    });
  });

  it('follows real time where the demo’s clock stands', async () => {
    const clock = fakeClock(start);
    const pacing = pacingOn(clock, { telegram: TEN_A_SECOND });
    clock.advanceWall(600_000);
    expect(await pacing.turn(bulk('1'))).toEqual({ atMs: NINE + 600_000 });
  });
});
