import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSms } from '../../src/bots/sms/channel.ts';
import { createTwilioHook } from '../../src/bots/twilio/hook.ts';
import type { Channel } from '../../src/core/channel.ts';
import type { ChannelName } from '../../src/core/channel-name.ts';
import type { Message } from '../../src/core/message.ts';
import { channelParts } from '../support/channel-parts.ts';
import { at, deliveryBench, toSend } from '../support/delivery-bench.ts';
import { startHookServer } from '../support/hook-server.ts';
import { openTestStores } from '../support/stores.ts';
import { startTwilioServer } from '../support/twilio-server.ts';
import { until } from '../support/until.ts';

const { stores } = await openTestStores();
const ends: (() => Promise<void>)[] = [];
const end = async (): Promise<void> => {
  for (const stop of ends.splice(0)) await stop();
};
beforeEach(end);
afterAll(end);

/** Real delivery over real SMS: first Twilio, then Telegram; while SMS is down it waits, as the decider does. */
async function setUp() {
  const bench = await deliveryBench(stores);
  const twilio = await startTwilioServer();
  const { deps } = channelParts(stores);
  const { channel: sms, take } = createSms(
    twilio.settings,
    { ...deps, clock: bench.clock },
    { timeoutMs: 300, checkMs: 40 },
  );
  const { authToken } = twilio.settings;
  const hook = createTwilioHook({ authToken, publicUrl: 'https://clinic.example' }, [take]);
  const door = await startHookServer(new Map([['twilio', hook]]));
  twilio.door = door.origin;
  ends.push(door.stop, sms.stop, twilio.stop);

  const numbers = new Map<string, string>();
  const numberOf = ({ id }: Pick<Message, 'id'>): string => {
    const known = numbers.get(id) ?? `+9955550000${String(numbers.size).padStart(2, '0')}`;
    numbers.set(id, known);
    return known;
  };
  bench.decide = (message, now) => {
    const { state } = sms.health();
    if (!message.refusedOn.includes('sms')) {
      if (state === 'up' || state === 'limited') return toSend({ channel: 'sms', to: numberOf(message), price: 400 });
      return { do: 'wait', until: new Date(now.getTime() + 60_000), reason: 'noChannel', tried: [] };
    }
    return message.refusedOn.includes('telegram')
      ? { do: 'fail', tried: [] }
      : toSend({ channel: 'telegram', to: '700', price: 0 });
  };
  const channels = new Map<ChannelName, Channel>([
    ['sms', sms],
    ['telegram', bench.telegram],
  ]);
  const delivery = bench.process({ deps: { channels } });
  await sms.start({
    received: async () => undefined,
    receipt: (receipt) => delivery.receipts(receipt),
    closed: async () => undefined,
  });

  /** Looks every half minute until this moment. */
  const play = async (to: string): Promise<void> => {
    for (;;) {
      await delivery.work.run(bench.clock.now());
      if (bench.clock.now() >= at(to)) return;
      bench.clock.advance(30_000);
    }
  };
  const posts = (): number => twilio.requests.filter((line) => line === 'POST Messages').length;
  return { ...bench, twilio, sms, delivery, play, posts };
}

describe('A reminder by SMS', () => {
  it.each(['cutAfter', 'cutMidAnswer', 'garbage', 'empty', 'hang'] as const)(
    'that was taken while its answer was lost (%s) arrives once and is charged once (F30)',
    async (step) => {
      const { twilio, plan, row, play, charged, posts } = await setUp();
      twilio.post(step);
      const { id } = await plan();
      await play('09:05:00');
      expect(await row(id)).toMatchObject({ state: 'sent', unknownRetries: 0 });
      expect(twilio.messages).toHaveLength(1);
      expect([posts(), await charged()]).toEqual([1, ['sms 1×400']]);
    },
  );

  it.each(['cutBefore', { status: 500 }, { status: 503 }] as const)(
    'that never arrived (%j) is proved to be absent and sent again, also where twice would be worse than never (F30)',
    async (step) => {
      const { twilio, plan, row, play, charged } = await setUp();
      twilio.post(step);
      const { id } = await plan({ scenario: 'greeting' });
      await play('09:05:00');
      expect(await row(id)).toMatchObject({ state: 'sent' });
      expect(twilio.messages).toHaveLength(1);
      expect(await charged()).toEqual(['sms 1×400']);
    },
  );

  it('in five minutes of 503 is neither lost nor doubled, and Twilio is not stormed (F29)', async () => {
    const { twilio, sms, plan, play, posts, charged, ledger } = await setUp();
    twilio.always({ status: 503 });
    const planned = [];
    await ledger.topUp('hill', 100_000, 'second', at('09:00:00'));
    for (let count = 0; count < 20; count += 1) planned.push(await plan());
    await play('09:05:00');
    expect(posts()).toBe(3);
    twilio.always(null);
    await until(() => sms.health().state === 'up', { what: 'Twilio being back' });
    await play('09:25:00');
    expect(new Set(twilio.messages.map(({ form }) => form['To'])).size).toBe(20);
    expect(twilio.messages).toHaveLength(20);
    expect(await charged()).toEqual(['sms 20×8000']);
    expect(planned).toHaveLength(20);
  });

  it('waits out an hour’s limit without a call inside it, and burns no attempt (F28)', async () => {
    const { twilio, plan, row, play, posts, clock } = await setUp();
    twilio.post({ error: 20429, status: 429, retryAfter: '3600' });
    const { id } = await plan();
    await play('09:59:30');
    expect(posts()).toBe(1);
    clock.set(at('10:00:00'));
    await play('10:00:30');
    expect(posts()).toBe(2);
    expect(await row(id)).toMatchObject({ state: 'sent', unknownRetries: 0 });
    expect((await row(id)).attempts.map(({ result }) => result)).toEqual(['retry', 'sent']);
  });

  it('to a number that takes none goes by the next channel at once, and the number is closed (F31)', async () => {
    const { twilio, telegram, plan, row, play, told, charged } = await setUp();
    const { id } = await plan();
    twilio.refuse('+995555000000', 21614);
    await play('09:00:00');
    expect(await row(id)).toMatchObject({ state: 'sent', channel: 'telegram' });
    expect(telegram.arrived).toHaveLength(1);
    expect(told).toContain('closed sms:+995555000000');
    expect(await charged()).toEqual(['telegram 1×0']);
  });

  it('that a network refuses later goes by the next channel, and its price is given back (F31)', async () => {
    const { twilio, telegram, plan, row, play, told, charged } = await setUp();
    const { id } = await plan();
    await play('09:00:00');
    const [record] = twilio.messages;
    if (record === undefined) throw new Error('It was sent.');
    const failed = { MessageStatus: 'undelivered', ErrorCode: '30006' };
    await Promise.all(Array.from({ length: 10 }, () => twilio.callback(record, failed)));
    await play('09:01:00');
    expect(await row(id)).toMatchObject({ state: 'sent', channel: 'telegram' });
    expect(telegram.arrived).toHaveLength(1);
    expect(told).toContain('closed sms:+995555000000');
    expect(await charged()).toEqual(['telegram 1×0']);
  });

  it('is kept while the account is locked, tried once and no more, and goes when the account is open again (F33)', async () => {
    const { twilio, sms, plan, row, play, posts, charged } = await setUp();
    twilio.always({ error: 20003, status: 401 });
    const { id } = await plan();
    await play('09:10:00');
    expect(await row(id)).toMatchObject({ state: 'planned', waiting: 'noChannel' });
    expect([posts(), twilio.messages.length]).toEqual([1, 0]);
    expect(sms.health()).toMatchObject({ state: 'down', detail: 'unauthorized' });
    expect(await charged()).toEqual([]);
    twilio.always(null);
    await sms.stop();
    await sms.start({ received: async () => undefined, receipt: async () => undefined, closed: async () => undefined });
    await play('09:30:00');
    expect(await row(id)).toMatchObject({ state: 'sent' });
    expect([posts(), twilio.messages.length]).toEqual([2, 1]);
  });

  it('whose status comes before our own record of the send is delivered, whatever the order and number (F35, F36)', async () => {
    const { twilio, plan, row, play, charged, posts } = await setUp();
    twilio.post('cutAfter');
    const { id } = await plan();
    await play('09:00:00');
    expect((await row(id)).state).toBe('sending');
    const [record] = twilio.messages;
    if (record === undefined) throw new Error('It was taken.');
    for (const MessageStatus of ['delivered', 'sent', 'queued', 'delivered'])
      expect((await twilio.callback(record, { MessageStatus })).status).toBe(200);
    await Promise.all(Array.from({ length: 10 }, () => twilio.callback(record, { MessageStatus: 'sent' })));
    await play('09:20:00');
    expect((await row(id)).state).toBe('delivered');
    expect((await row(id)).timeline.map(({ status }) => status)).toEqual(['planned', 'sending', 'sent', 'delivered']);
    expect([posts(), await charged()]).toEqual([1, ['sms 1×400']]);
  });
});
