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
  ({ channel, to, urgent: false, isCold: async () => false }) as const;
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
    expect(await pacing.turn({ ...bulk('2'), urgent: true })).toEqual({ atMs: NINE });
    expect(await pacing.turn(bulk('3'))).toEqual({ atMs: NINE + 200 });
  });

  it('holds a reply until the end of a silence that another instance met, not behind the bulk', async () => {
    const pacing = pacingOn(fakeClock(start), { telegram: { perSecond: 0.2, perChatMs: 0 } });
    for (const to of ['1', '2', '3', '4']) await pacing.turn(bulk(to));
    await stores.paces.close('telegram', NINE + 3_000);
    expect(await pacing.turn({ ...bulk('5'), urgent: true })).toEqual({
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
    expect(await other.turn({ ...bulk('1'), urgent: true })).toEqual({ notBefore: new Date('2026-03-02T09:00:30Z') });
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
      departure.arrived(0);
      return `${what} ${leftMs}`;
    };
    expect([await leave('one', false), await leave('two', false)]).toEqual(['one 0', 'two 0']);
    expect(await Promise.all([leave('three', false), leave('reply', true)])).toEqual(['three 1003', 'reply 1003']);
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

  it('follows real time where the demo’s clock stands', async () => {
    const clock = fakeClock(start);
    const pacing = pacingOn(clock, { telegram: TEN_A_SECOND });
    clock.advanceWall(600_000);
    expect(await pacing.turn(bulk('1'))).toEqual({ atMs: NINE + 600_000 });
  });
});
