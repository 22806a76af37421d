import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSms } from '../../src/bots/sms/channel.ts';
import { wallClock } from '../../src/system.ts';
import { channelParts } from '../support/channel-parts.ts';
import { openTestStores } from '../support/stores.ts';
import { startTwilioServer } from '../support/twilio-server.ts';
import { until } from '../support/until.ts';

const { stores } = await openTestStores();
const JANE = '+995555123456';
const HOUR = 3_600_000;
const ends: (() => Promise<void>)[] = [];
const end = async (): Promise<void> => {
  for (const stop of ends.splice(0)) await stop();
};
beforeEach(end);
afterAll(end);

/** An SMS channel that has been listening for so long. */
async function setUp(listeningMs: number | null = 72 * HOUR) {
  await stores.simulator.reset();
  if (listeningMs !== null)
    await stores.channelMemory.set('sms', 'hears since', String(wallClock.nowMs() - listeningMs));
  const twilio = await startTwilioServer();
  const parts = channelParts(stores);
  const ticks: (() => void)[] = [];
  const every = (ms: number, tick: () => void) => {
    if (ms === 600_000) ticks.push(tick);
    return () => undefined;
  };
  const { channel } = createSms(twilio.settings, { ...parts.deps, every }, { timeoutMs: 1_000, checkMs: 1_000 });
  ends.push(() => channel.stop(), twilio.stop);
  const lists = () => twilio.requests.filter((line) => line === 'GET Messages').length;
  return { twilio, channel, ticks, lists, ...parts };
}

describe('What patients wrote while Twilio could not call us', () => {
  it('is heard at the start, oldest first, under the ids that the calls would have had', async () => {
    const { twilio, channel, events, received } = await setUp();
    const first = twilio.inbox(JANE, 'Yes', 2 * HOUR);
    const second = twilio.inbox('+995555000001', '', HOUR);
    twilio.list({ To: JANE, Body: 'See you at 12:00' }, HOUR);
    await channel.start(events);
    await until(() => received.length === 2);
    expect(received.map(({ id, from, body }) => [id, from.address, body])).toEqual([
      [first.sid, JANE, { kind: 'text', text: 'Yes' }],
      [second.sid, '+995555000001', { kind: 'media', media: 'other' }],
    ]);
  });

  it('is not heard when it is older than a day', async () => {
    const { twilio, channel, events, received } = await setUp();
    twilio.inbox(JANE, 'Old', 25 * HOUR);
    twilio.inbox(JANE, 'New', 23 * HOUR);
    await channel.start(events);
    await until(() => received.length > 0);
    expect(received.map(({ body }) => body)).toEqual([{ kind: 'text', text: 'New' }]);
  });

  it('is not heard when it was written before our first start', async () => {
    const { twilio, channel, events, received, lists, ticks } = await setUp(null);
    twilio.inbox(JANE, 'To whoever had this number', HOUR);
    await channel.start(events);
    await until(async () => (await stores.channelMemory.get('sms', 'hears since')) !== null);
    expect(lists()).toBe(0);
    ticks[0]?.();
    await until(() => lists() === 1);
    const { sid } = twilio.inbox(JANE, 'To us');
    await channel.stop();
    await channel.start(events);
    await until(() => received.length > 0);
    expect(received.map(({ id }) => id)).toEqual([sid]);
  });

  it('is heard later where the list could not be read at the start, or what it says not be stored', async () => {
    const { twilio, channel, events, received, lists, ticks, log } = await setUp();
    twilio.inbox(JANE, 'Yes', HOUR);
    let isAway = true;
    const store = async (message: Parameters<typeof events.received>[0]): Promise<void> => {
      if (isAway) throw new Error('the store is away');
      return events.received(message);
    };
    twilio.get({ status: 200, body: '{"status":"active"}' }, { status: 503 });
    await channel.start({ ...events, received: store });
    const complaints = () => log.lines.filter(({ event }) => event === 'sms.missedNotRead').length;
    await until(() => complaints() === 1);
    ticks[0]?.();
    await until(() => complaints() === 2);
    expect([received, lists()]).toEqual([[], 2]);
    isAway = false;
    ticks[0]?.();
    await until(() => received.length === 1);
    expect(JSON.stringify(log.lines)).not.toMatch(/995555|Yes/);
  });

  it('is heard where the day brought more than Twilio lists at once, and what was heard is not asked for again', async () => {
    const { twilio, channel, events, received, lists, ticks } = await setUp(3 * HOUR);
    for (let old = 0; old < 1_100; old += 1) twilio.inbox('+995555000001', 'Old', 4 * HOUR);
    const first = twilio.inbox(JANE, 'Yes', 2 * HOUR);
    await channel.start(events);
    await until(() => received.length === 1);
    const { sid } = twilio.inbox(JANE, 'No');
    await channel.stop();
    await channel.start(events);
    await until(() => received.length === 2);
    await channel.stop();
    expect([received.map(({ id }) => id), lists(), ticks.length]).toEqual([[first.sid, sid], 2, 2]);
  });
});
