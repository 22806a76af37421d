import { beforeEach, describe, expect, it } from '@jest/globals';
import { createChannelSet } from '../../src/bots/channel-set.ts';
import { createPacing } from '../../src/bots/pacing.ts';
import type { Channel, ChannelEvents } from '../../src/core/channel.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { quietLog } from '../support/quiet-log.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const clock = fakeClock('2026-03-02T09:00:00Z');
const EVENTS: ChannelEvents = {
  received: async () => undefined,
  receipt: async () => undefined,
  closed: async () => undefined,
};

/** A channel that writes down when it is started and stopped. */
function setUp() {
  const told: string[] = [];
  let started = false;
  const telegram: Channel = {
    name: 'telegram',
    can: { buttons: 0, list: 0, freeFormWindowHours: null, receipts: 'none' },
    start: async () => {
      told.push('start');
      started = true;
    },
    stop: async () => {
      told.push('stop');
      started = false;
    },
    send: async () => ({ kind: 'unknown', askAfterMs: 0 }),
    find: async () => ({ kind: 'silent' }),
    health: () => ({ state: started ? 'up' : 'down', since: clock.now() }),
  };
  const channels = new Map([['telegram' as const, telegram]]);
  const pacing = createPacing({
    clock,
    wall: clock,
    channels,
    paces: stores.paces,
    chance: () => 0,
    pause: async () => undefined,
    log: quietLog(),
  });
  return { told, set: createChannelSet({ channels, pacing, memory: stores.channelMemory, clock }) };
}

beforeEach(() => stores.simulator.reset());

describe('The channels', () => {
  it('are started together, and off where they are not set up', async () => {
    const { set, told } = setUp();
    await set.start(EVENTS);
    expect(told).toEqual(['start']);
    expect([set.health().telegram.state, set.health().sms.state]).toEqual(['up', 'off']);
  });

  it('stay disconnected by hand over a restart, until they are connected', async () => {
    const first = setUp();
    await first.set.start(EVENTS);
    expect(await first.set.disconnect('telegram')).toEqual({
      state: 'off',
      since: new Date('2026-03-02T09:00:00Z'),
      detail: 'disconnected',
    });
    const second = setUp();
    await second.set.start(EVENTS);
    expect([second.told, second.set.health().telegram.state]).toEqual([[], 'off']);
    expect(await second.set.connect('telegram')).toMatchObject({ state: 'up' });
    const third = setUp();
    await third.set.start(EVENTS);
    expect(third.told).toEqual(['start']);
  });

  it('are restarted by connect where they are up already', async () => {
    const { set, told } = setUp();
    await set.start(EVENTS);
    await set.connect('telegram');
    expect(told).toEqual(['start', 'stop', 'start']);
  });

  it('are stopped and started in every instance by what staff do in one', async () => {
    const [here, there] = [setUp(), setUp()];
    await here.set.start(EVENTS);
    await there.set.start(EVENTS);
    await here.set.disconnect('telegram');
    expect(there.set.health().telegram.state).toBe('up');
    await there.set.follow();
    await there.set.follow();
    expect([there.told, there.set.health().telegram]).toEqual([
      ['start', 'stop'],
      { state: 'off', since: new Date('2026-03-02T09:00:00Z'), detail: 'disconnected' },
    ]);
    await here.set.connect('telegram');
    await there.set.follow();
    expect([there.told, there.set.health().telegram.state]).toEqual([['start', 'stop', 'stop', 'start'], 'up']);
  });

  it('are restarted in every instance by connect where they are up, once each', async () => {
    const [here, there] = [setUp(), setUp()];
    await here.set.start(EVENTS);
    await there.set.start(EVENTS);
    await here.set.connect('telegram');
    for (const { set } of [here, there, there]) await set.follow();
    expect([here.told, there.told]).toEqual([
      ['start', 'stop', 'start'],
      ['start', 'stop', 'start'],
    ]);
    const later = setUp();
    await later.set.start(EVENTS);
    await later.set.follow();
    expect(later.told).toEqual(['start']);
  });

  it('that are not set up cannot be connected', async () => {
    const { set } = setUp();
    await expect(set.connect('sms')).rejects.toMatchObject({ code: 'channelOff' });
  });
});
