import { describe, expect, it } from '@jest/globals';
import { createSimulatedChannel, SIMULATED } from '../../src/bots/simulator/simulated-channel.ts';
import type { OutgoingMessage, Receipt } from '../../src/core/channel.ts';
import type { InboundMessage } from '../../src/core/inbound.ts';
import type { SimulatedMessage } from '../../src/core/simulator.ts';
import { channelContract } from '../contracts/channel.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { outgoing as outgoingMessage } from '../support/outgoing.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const { simulator: store } = stores;
const START = '2026-03-02T09:00:00Z';
const ADDRESS = { whatsapp: '+995555123456', telegram: '700', sms: '+995555123456', email: 'jane@example.com' };

async function setUp(name: (typeof SIMULATED)[number]) {
  await store.reset();
  const clock = fakeClock(START);
  const channel = createSimulatedChannel(name, { store, clock });
  const received: InboundMessage[] = [];
  const receipts: Receipt[] = [];
  const start = () =>
    channel.start({
      received: async (message) => {
        received.push(message);
      },
      receipt: async (receipt) => {
        receipts.push(receipt);
      },
      closed: async () => undefined,
    });
  const at = { channel: name, address: ADDRESS[name] };
  const outgoing = (attemptId: string, choices: OutgoingMessage['text']['choices'] = []): OutgoingMessage =>
    outgoingMessage({
      attemptId,
      messageId: `m-${attemptId}`,
      to: at.address,
      text: { key: 'scenarios.details', locale: 'en', text: 'See you', choices },
    });
  const line = (id: string): SimulatedMessage => ({
    id,
    at,
    from: 'patient',
    sentAt: clock.now(),
    text: 'yes',
    choices: [],
    status: 'read',
    body: { kind: 'text', text: 'yes' },
  });
  return { channel, clock, received, receipts, start, at, outgoing, line };
}

for (const name of SIMULATED)
  channelContract({
    name: `The simulated ${name}`,
    create: async () => {
      await store.reset();
      const clock = fakeClock(START);
      const channel = createSimulatedChannel(name, { store, clock });
      const gone = `${ADDRESS[name]}9`;
      await store.setReachable({ channel: name, address: gone }, false);
      return {
        channel,
        reachable: ADDRESS[name],
        unreachable: gone,
        arrived: async (address) => (await store.ofChat({ channel: name, address })).map(({ text }) => text),
        fallSilent: () => channel.setMode('silent'),
        limit: () => channel.setMode('limited'),
      };
    },
  });

describe('The simulated channels', () => {
  it('deliver at once through WhatsApp and SMS, while Telegram and e-mail stay sent', async () => {
    const statuses: string[] = [];
    for (const name of SIMULATED) {
      const { channel, start, outgoing, at } = await setUp(name);
      await start();
      const answer = await channel.send(outgoing('a-1'));
      const [line] = await store.ofChat(at);
      statuses.push(`${name} ${answer.kind === 'sent' && answer.delivered === true} ${line?.status}`);
    }
    expect(statuses).toEqual([
      'whatsapp true delivered',
      'telegram false sent',
      'sms true delivered',
      'email false sent',
    ]);
  });

  it('show choices as buttons in WhatsApp and Telegram, as numbered text in SMS and e-mail', async () => {
    const shown: string[] = [];
    for (const name of SIMULATED) {
      const { channel, start, outgoing, at } = await setUp(name);
      await start();
      await channel.send(outgoing('a-1', [{ id: 'confirm', title: 'Yes' }]));
      const [line] = await store.ofChat(at);
      shown.push(`${name} ${line?.choices.length} ${line?.text.replaceAll('\n', '/')}`);
    }
    expect(shown).toEqual([
      'whatsapp 1 See you',
      'telegram 1 See you',
      'sms 0 See you//1 - Yes',
      'email 0 See you//1 – Yes',
    ]);
  });

  it('make one line of an attempt that is made twice', async () => {
    const { channel, start, outgoing, at } = await setUp('telegram');
    await start();
    await channel.send(outgoing('a-1'));
    await channel.send(outgoing('a-1'));
    expect(await store.ofChat(at)).toHaveLength(1);
  });

  it('down: are not connected, take nothing and cannot be asked', async () => {
    const { channel, clock, start, outgoing, at } = await setUp('whatsapp');
    await start();
    clock.advance(60_000);
    await channel.setMode('down');
    expect(channel.health()).toEqual({ state: 'down', since: new Date('2026-03-02T09:01:00Z') });
    expect((await channel.send(outgoing('a-1'))).kind).toBe('retry');
    expect(await channel.find('a-1')).toEqual({ kind: 'silent' });
    expect(await store.ofChat(at)).toEqual([]);
  });

  it('limited: answer 429 with a retry_after of 60 s, and say until when', async () => {
    const { channel, clock, start, outgoing } = await setUp('whatsapp');
    await start();
    await channel.setMode('limited');
    expect(channel.health()).toEqual({ state: 'limited', since: new Date(START) });
    expect(await channel.send(outgoing('a-1'))).toEqual({ kind: 'retry', afterMs: 60_000, reason: 'rateLimited' });
    expect(channel.health().limitedUntil).toEqual(new Date('2026-03-02T09:01:00Z'));
    clock.advance(60_000);
    expect(channel.health().limitedUntil).toBeUndefined();
  });

  it('failing: refuse for good', async () => {
    const { channel, start, outgoing } = await setUp('whatsapp');
    await start();
    await channel.setMode('failing');
    expect(channel.health().state).toBe('up');
    expect(await channel.send(outgoing('a-1'))).toEqual({ kind: 'refused', reason: 'failing' });
  });

  it('silent: are to be asked after 30 s of clock', async () => {
    const { channel, start, outgoing } = await setUp('whatsapp');
    await start();
    await channel.setMode('silent');
    expect(await channel.send(outgoing('a-1'))).toEqual({ kind: 'unknown', askAfterMs: 30_000 });
  });

  it('keep their mode over a restart', async () => {
    const { channel, clock, start } = await setUp('whatsapp');
    await start();
    await channel.setMode('silent');
    const again = createSimulatedChannel('whatsapp', { store, clock });
    await again.start({
      received: async () => undefined,
      receipt: async () => undefined,
      closed: async () => undefined,
    });
    expect(await again.find('a-1')).toEqual({ kind: 'silent' });
  });

  it('are up again when the demo was reset', async () => {
    const { channel, start } = await setUp('whatsapp');
    await start();
    await channel.setMode('down');
    await store.reset();
    await channel.reload();
    expect(channel.health().state).toBe('up');
  });

  it('tell of what WhatsApp’s patient has read when that one writes, once', async () => {
    const { channel, receipts, received, start, outgoing, at, line } = await setUp('whatsapp');
    await start();
    await channel.send(outgoing('a-1'));
    await channel.wrote(line('p-1'));
    await channel.wrote(line('p-2'));
    expect(receipts).toEqual([{ channel: 'whatsapp', providerId: 'a-1', status: 'read', at: new Date(START) }]);
    expect(received.map(({ id }) => id)).toEqual(['p-1', 'p-2']);
    expect((await store.ofChat(at)).map(({ status }) => status)).toEqual(['read']);
  });

  it('tell nothing of what was read elsewhere', async () => {
    for (const name of ['telegram', 'sms', 'email'] as const) {
      const { channel, receipts, start, outgoing, line } = await setUp(name);
      await start();
      await channel.send(outgoing('a-1'));
      await channel.wrote(line('p-1'));
      expect(receipts).toEqual([]);
    }
  });

  it('bring a patient’s newest words again at a start, should a crash have lost them on our side', async () => {
    const { received, start, line } = await setUp('telegram');
    await store.add(line('p-1'));
    await start();
    expect(received.map(({ id, body }) => [id, body])).toEqual([['p-1', { kind: 'text', text: 'yes' }]]);
  });
});
