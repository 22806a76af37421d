import { afterAll, describe, expect, it } from '@jest/globals';
import { createEnclosures } from '../../src/bots/delivery/enclosures.ts';
import { createEmail } from '../../src/bots/email/channel.ts';
import type { Channel } from '../../src/core/channel.ts';
import type { ChannelName } from '../../src/core/channel-name.ts';
import type { NewMessage } from '../../src/core/message.ts';
import { channelParts } from '../support/channel-parts.ts';
import { deliveryBench, reply } from '../support/delivery-bench.ts';
import { startMailServer } from '../support/mail-server.ts';
import { sentence } from '../support/sentence.ts';
import { openTestStores } from '../support/stores.ts';
import { until } from '../support/until.ts';

const { stores } = await openTestStores();
const HOUR = 3_600_000;
const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of ends) await stop();
});

const alert = (effect: string): NewMessage =>
  reply(`alert:s-1:${effect}:email`, {
    kind: 'alert',
    channel: 'email',
    to: 'head@clinic.example',
    content: { key: 'conversations.alert.score', values: { branch: 'Hill', news: effect } },
  });

async function setUp() {
  const bench = await deliveryBench(stores);
  const { deps, events } = channelParts(stores);
  const server = await startMailServer();
  const { channel } = createEmail(
    { smtpUrl: server.url, from: 'book@clinic.example', publicUrl: 'https://clinic.example' },
    { ...deps, clock: bench.clock, sentence, secret: 'owner-token-of-the-tests' },
    { silenceMs: 300, timeoutMs: 600, checkMs: 40 },
  );
  ends.push(() => channel.stop(), server.stop);
  const channels = new Map<ChannelName, Channel>([['email', channel]]);
  const delivery = bench.process({ deps: { channels, enclosures: createEnclosures(stores) } });
  const states = async (): Promise<readonly string[]> => {
    const { items } = await bench.outbox.list({ kind: 'alert' }, { limit: 10 });
    return items.map(({ state }) => state);
  };
  return { ...bench, server, channel, delivery, states, start: () => channel.start(events) };
}

describe('Alerts by mail', () => {
  it('outlive a day without the mail server, and then arrive once each, in one thread (F46)', async () => {
    const { server, channel, delivery, clock, states, start } = await setUp();
    await server.stop();
    await start();
    await delivery.sender.enqueue([alert('asked'), alert('comment')]);
    for (let hours = 0; hours < 24; hours += 1) {
      await delivery.sender.flush();
      clock.advance(HOUR);
    }
    expect(await states()).toEqual(['planned', 'planned']);
    const back = await startMailServer(server.port);
    ends.push(back.stop);
    await until(() => channel.health().state === 'up', { what: 'the mail server being back' });
    await delivery.sender.flush();
    expect(await states()).toEqual(['sent', 'sent']);
    expect(back.arrived.map(({ to, words }) => `${to}: ${words}`)).toEqual([
      'head@clinic.example: conversations.alert.score Hill asked',
      'head@clinic.example: conversations.alert.score Hill comment',
    ]);
    expect(back.arrived.map(({ headers }) => headers['references'])).toEqual(
      Array(2).fill('<thread.alert-s-1@zabota.clinic.example>'),
    );
    expect(new Set(back.arrived.map(({ headers }) => headers['message-id'])).size).toBe(2);
    expect(back.arrived.map(({ headers }) => headers['list-unsubscribe'])).toEqual([undefined, undefined]);
  });

  it('whose answer is lost are sent again with the same Message-ID, until one is accepted', async () => {
    const { server, delivery, clock, states, start } = await setUp();
    await start();
    server.script('cutAfterData', 'cutAfterData');
    await delivery.sender.enqueue([alert('asked')]);
    for (let minutes = 0; minutes < 10; minutes += 1) {
      await delivery.sender.flush();
      clock.advance(60_000);
    }
    expect(await states()).toEqual(['sent']);
    const ids = server.arrived.map(({ headers }) => headers['message-id']);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  it('refused by the head’s mailbox are tried for as long as it takes', async () => {
    const { server, delivery, clock, states, start } = await setUp();
    await start();
    server.script(...Array<{ at: 'RCPT'; code: number }>(5).fill({ at: 'RCPT', code: 550 }));
    await delivery.sender.enqueue([alert('asked')]);
    for (let hours = 0; hours < 8; hours += 1) {
      await delivery.sender.flush();
      clock.advance(HOUR);
    }
    expect(await states()).toEqual(['sent']);
    expect(server.arrived).toHaveLength(1);
  });
});
