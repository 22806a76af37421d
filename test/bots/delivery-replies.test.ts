import { describe, expect, it } from '@jest/globals';
import { createPacing } from '../../src/bots/pacing.ts';
import type { Channel } from '../../src/core/channel.ts';
import type { ChannelName } from '../../src/core/channel-name.ts';
import type { Message } from '../../src/core/message.ts';
import { at, deliveryBench, reply } from '../support/delivery-bench.ts';
import { gate } from '../support/gate.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function states(bench: Awaited<ReturnType<typeof deliveryBench>>): Promise<readonly string[]> {
  const { items } = await bench.outbox.list({}, { limit: 100 });
  return items.toReversed().map(({ key, state }) => `${key} ${state}`);
}

describe('A reply', () => {
  it('leaves at once, rendered from its content, and costs nothing', async () => {
    const bench = await deliveryBench(stores);
    const { sender } = bench.process();
    await sender.enqueue([reply('r1')]);
    await sender.flush();
    const [row] = (await bench.outbox.list({}, { limit: 1 })).items;
    expect(row).toMatchObject({ state: 'sent', text: 'conversations.thanks r1', price: 0, unsettled: null });
    expect(await bench.charged()).toEqual([]);
    expect(bench.told).toEqual(['saw whatsapp:+995555123456 jane']);
    expect(bench.metrics.counted).toEqual(['sent reply whatsapp']);
  });

  it('to staff about a patient makes their chat none of the patient’s', async () => {
    const bench = await deliveryBench(stores);
    const { sender } = bench.process();
    await sender.enqueue([
      reply('a1', { kind: 'alert', channel: 'telegram', to: '77' }),
      reply('s1', { kind: 'staff', channel: 'telegram', to: '-100500#jane' }),
    ]);
    await sender.flush();
    expect(await states(bench)).toEqual(['a1 sent', 's1 sent']);
    expect(bench.told).toEqual([]);
  });

  it('to somebody whom the clinic does not know goes inside the platform’s window, too: they have just written', async () => {
    const bench = await deliveryBench(stores);
    const from = { channel: 'whatsapp', address: '+995555123456' } as const;
    await stores.inbound.store({ id: 'in-1', from, at: at('08:59:00'), body: { kind: 'text', text: 'hello' } });
    const { sender } = bench.process();
    await sender.enqueue([reply('r1', { patient: null }), reply('r2', { to: '+995555000000' })]);
    await sender.flush();
    expect(bench.whatsapp.arrived.map(({ lastInboundAt }) => lastInboundAt)).toEqual([at('08:59:00'), null]);
  });

  it('of the same key is said once', async () => {
    const bench = await deliveryBench(stores);
    const { sender } = bench.process();
    await Promise.all([sender.enqueue([reply('r1')]), sender.enqueue([reply('r1')])]);
    await sender.flush();
    expect(bench.whatsapp.arrived).toHaveLength(1);
  });

  it('follows the one before it in its chat, while other chats go on', async () => {
    const bench = await deliveryBench(stores);
    const slow = gate();
    const { send } = bench.whatsapp;
    bench.whatsapp.send = async (message) => {
      if (message.text.text.endsWith('r1')) await slow.opened;
      return send(message);
    };
    const { sender } = bench.process();
    await sender.enqueue([reply('r1'), reply('r2'), reply('other', { to: '+995555000000' })]);
    await bench.whatsapp.arrival();
    expect(bench.whatsapp.arrived.map(({ text }) => text.text)).toEqual(['conversations.thanks other']);
    slow.open();
    await sender.flush();
    expect(bench.whatsapp.arrived.map(({ text }) => text.text)).toEqual([
      'conversations.thanks other',
      'conversations.thanks r1',
      'conversations.thanks r2',
    ]);
  });

  it('waits while its channel is down, and goes before newer ones when it is up again', async () => {
    const bench = await deliveryBench(stores);
    const { sender } = bench.process();
    bench.whatsapp.state = 'down';
    await sender.enqueue([reply('r1'), reply('r2')]);
    await sender.flush();
    expect(await states(bench)).toEqual(['r1 planned', 'r2 planned']);
    bench.whatsapp.state = 'up';
    await sender.enqueue([reply('r3')]);
    await sender.flush();
    expect(bench.whatsapp.arrived.map(({ text }) => text.text.slice(-2))).toEqual(['r1', 'r2', 'r3']);
  });

  it('is not said any more where one chat asks for more than thirty in a minute; others and alerts are', async () => {
    const bench = await deliveryBench(stores);
    const paced: Channel = { ...bench.whatsapp, pace: { perSecond: 1_000, perChatMs: 0 } };
    const lost: string[] = [];
    const replyLost = async ({ key }: Message): Promise<void> => void lost.push(key);
    const { sender } = bench.process({ deps: { channels: new Map([['whatsapp', paced]]), replyLost } });
    await sender.enqueue(Array.from({ length: 35 }, (_, at) => reply(`r${at}`)));
    await sender.enqueue([reply('other', { to: '+995555999999' }), reply('alert', { kind: 'alert' })]);
    await sender.flush();
    const left = (await states(bench)).filter((line) => line.endsWith(' sent'));
    expect(left).toHaveLength(32);
    expect(left).toEqual(expect.arrayContaining(['other sent', 'alert sent']));
    expect(lost).toHaveLength(5);
    expect((await bench.outbox.list({ status: 'failed' }, { limit: 100 })).items[0]?.timeline.at(-1)?.detail).toBe(
      'flood',
    );
    bench.clock.advance(MINUTE);
    await sender.enqueue([reply('later')]);
    await sender.flush();
    expect(await states(bench)).toContain('later sent');
  });

  it('to a group waits for its turn there, whatever else is said meanwhile', async () => {
    const bench = await deliveryBench(stores);
    const { clock, log } = bench;
    const groups = { of: (to: string) => (to === 'group' ? to : null), eachMs: 3_000 };
    const channels = new Map<ChannelName, Channel>([
      ['whatsapp', { ...bench.whatsapp, pace: { perSecond: 1_000, perChatMs: 0, groups } }],
    ]);
    const pause = async (ms: number): Promise<void> => clock.advance(ms);
    const pacing = createPacing({ clock, wall: clock, channels, paces: stores.paces, chance: () => 0.5, pause, log });
    const { sender } = bench.process({ deps: { channels, pacing } });
    const toGroup = (key: string) => reply(key, { kind: 'staff', to: 'group' });
    await sender.enqueue([toGroup('r1'), toGroup('r2')]);
    await sender.flush();
    await sender.enqueue([reply('r3')]);
    await sender.flush();
    expect(await states(bench)).toEqual(['r1 sent', 'r2 planned', 'r3 sent']);
    expect(await bench.outbox.nextLookAt(['staff'])).toEqual(at('09:00:03'));
    clock.advance(3_000);
    await sender.flush();
    expect(await states(bench)).toEqual(['r1 sent', 'r2 sent', 'r3 sent']);
  });

  it('that waited for a day expires', async () => {
    const bench = await deliveryBench(stores);
    const delivery = bench.process();
    bench.whatsapp.state = 'down';
    await delivery.sender.enqueue([reply('r1')]);
    await delivery.sender.flush();
    bench.clock.advance(24 * HOUR - 1);
    await delivery.replies.run(bench.clock.now());
    expect(await states(bench)).toEqual(['r1 planned']);
    bench.clock.advance(MINUTE);
    bench.whatsapp.state = 'up';
    await delivery.replies.run(bench.clock.now());
    const [row] = (await bench.outbox.list({}, { limit: 1 })).items;
    expect(row).toMatchObject({ state: 'expired', reason: 'tooLate' });
    expect(bench.whatsapp.calls).toEqual([]);
  });

  it('is not sent inside a retry_after, and is sent right after it', async () => {
    const bench = await deliveryBench(stores);
    const delivery = bench.process();
    bench.whatsapp.answer({ kind: 'retry', afterMs: MINUTE, reason: 'rateLimited' });
    await delivery.sender.enqueue([reply('r1'), reply('r2')]);
    await delivery.sender.flush();
    bench.clock.advance(MINUTE - 1);
    await delivery.sender.flush();
    expect(bench.whatsapp.calls).toHaveLength(1);
    await expect(delivery.replies.nextAt()).resolves.toEqual(at('09:01:00'));
    bench.clock.advance(1);
    await delivery.replies.run(bench.clock.now());
    expect(bench.whatsapp.arrived.map(({ text }) => text.text.slice(-2))).toEqual(['r1', 'r2']);
  });

  it('that is refused has failed; no other channel is tried', async () => {
    const bench = await deliveryBench(stores);
    const { sender } = bench.process();
    bench.whatsapp.answer({ kind: 'refused', reason: 'blocked' });
    await sender.enqueue([reply('r1')]);
    await sender.flush();
    expect(await states(bench)).toEqual(['r1 failed']);
    expect(bench.telegram.calls).toEqual([]);
  });

  it('of unknown outcome is said at most once', async () => {
    const bench = await deliveryBench(stores);
    const delivery = bench.process();
    bench.whatsapp.answer('lost');
    bench.whatsapp.asked({ kind: 'silent' });
    await delivery.sender.enqueue([reply('r1')]);
    await delivery.sender.flush();
    bench.clock.advance(30_000);
    await delivery.replies.run(bench.clock.now());
    bench.clock.advance(HOUR);
    await delivery.replies.run(bench.clock.now());
    expect(await states(bench)).toEqual(['r1 unknown']);
    expect(bench.whatsapp.calls).toHaveLength(1);
  });

  it('that the platform never had is said again when it is asked', async () => {
    const bench = await deliveryBench(stores);
    const delivery = bench.process();
    bench.whatsapp.answer({ kind: 'unknown', askAfterMs: 30_000 });
    await delivery.sender.enqueue([reply('r1')]);
    await delivery.sender.flush();
    bench.clock.advance(30_000);
    await delivery.replies.run(bench.clock.now());
    expect(await states(bench)).toEqual(['r1 sent']);
    expect(bench.whatsapp.arrived).toHaveLength(1);
  });

  it('that cannot be rendered harms no other', async () => {
    const bench = await deliveryBench(stores);
    const render = () => {
      throw new Error('no such key');
    };
    const delivery = bench.process({ deps: { render } });
    await delivery.sender.enqueue([reply('r1')]);
    await delivery.sender.flush();
    expect(await states(bench)).toEqual(['r1 planned']);
    const healthy = bench.process({ owner: 'p2' });
    await healthy.sender.enqueue([reply('r2')]);
    await healthy.sender.flush();
    expect(await states(bench)).toEqual(['r1 planned', 'r2 sent']);
  });
});

describe('An alert', () => {
  it('is tried until it is accepted, ever later and at least every hour', async () => {
    const bench = await deliveryBench(stores);
    const delivery = bench.process();
    bench.whatsapp.answer(...Array.from({ length: 9 }, () => ({ kind: 'refused', reason: 'mailboxFull' }) as const));
    await delivery.sender.enqueue([reply('a1', { kind: 'alert' })]);
    await delivery.sender.flush();
    const gaps: number[] = [];
    for (let tried = 1; tried < 10; tried += 1) {
      const next = await delivery.replies.nextAt();
      gaps.push(((next?.getTime() ?? 0) - bench.clock.now().getTime()) / MINUTE);
      bench.clock.set(next ?? '');
      await delivery.replies.run(bench.clock.now());
    }
    expect(gaps).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(await states(bench)).toEqual(['a1 sent']);
  });

  it('outlives the day after which a reply expires', async () => {
    const bench = await deliveryBench(stores);
    const delivery = bench.process();
    bench.whatsapp.state = 'down';
    await delivery.sender.enqueue([reply('a1', { kind: 'alert' })]);
    await delivery.sender.flush();
    bench.clock.advance(72 * HOUR);
    bench.whatsapp.state = 'up';
    await delivery.replies.run(bench.clock.now());
    expect(await states(bench)).toEqual(['a1 sent']);
  });

  it('of unknown outcome is sent again: a second mail is better than none', async () => {
    const bench = await deliveryBench(stores);
    const delivery = bench.process();
    bench.whatsapp.answer('lost');
    bench.whatsapp.asked({ kind: 'silent' });
    await delivery.sender.enqueue([reply('a1', { kind: 'alert' })]);
    await delivery.sender.flush();
    for (const ms of [30_000, MINUTE]) {
      bench.clock.advance(ms);
      await delivery.replies.run(bench.clock.now());
    }
    expect(await states(bench)).toEqual(['a1 sent']);
    expect(bench.whatsapp.calls).toHaveLength(2);
  });
});

describe('A receipt', () => {
  const sentRow = async () => {
    const bench = await deliveryBench(stores);
    const delivery = bench.process();
    bench.whatsapp.answer({ kind: 'sent', providerId: 'w1' });
    const { id } = await bench.plan();
    return { bench, delivery, id };
  };
  const receipt = (status: 'delivered' | 'read', time: string) =>
    ({ channel: 'whatsapp', providerId: 'w1', status, at: at(time) }) as const;

  it('raises a sent message to delivered and to read, with its times', async () => {
    const { bench, delivery, id } = await sentRow();
    await delivery.work.run(bench.clock.now());
    await delivery.receipts(receipt('delivered', '09:00:05'));
    await delivery.receipts(receipt('read', '09:01:00'));
    const row = await bench.row(id);
    expect(row.state).toBe('read');
    expect(row.timeline.slice(-2)).toEqual([
      { status: 'delivered', at: at('09:00:05'), channel: 'whatsapp' },
      { status: 'read', at: at('09:01:00'), channel: 'whatsapp' },
    ]);
  });

  it('never lowers one: read before delivered, and twice', async () => {
    const { bench, delivery, id } = await sentRow();
    await delivery.work.run(bench.clock.now());
    for (const status of ['read', 'delivered', 'read'] as const) await delivery.receipts(receipt(status, '09:01:00'));
    const row = await bench.row(id);
    expect(row.timeline.map(({ status }) => status)).toEqual(['planned', 'sending', 'sent', 'read']);
  });

  it('that comes before our record of the send is joined to it', async () => {
    const { bench, delivery, id } = await sentRow();
    await delivery.receipts(receipt('delivered', '09:00:00'));
    await delivery.receipts(receipt('read', '09:00:00'));
    await delivery.work.run(bench.clock.now());
    expect((await bench.row(id)).state).toBe('read');
  });

  it('for a message that is not ours changes nothing', async () => {
    const { bench, delivery, id } = await sentRow();
    await delivery.receipts({ ...receipt('read', '09:00:00'), providerId: 'w2' });
    await delivery.work.run(bench.clock.now());
    expect((await bench.row(id)).state).toBe('sent');
  });
});
