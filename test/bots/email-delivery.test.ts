import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createEmail } from '../../src/bots/email/channel.ts';
import type { Channel } from '../../src/core/channel.ts';
import type { ChannelName } from '../../src/core/channel-name.ts';
import { channelParts } from '../support/channel-parts.ts';
import { deliveryBench, toSend } from '../support/delivery-bench.ts';
import { type MailStep, startMailServer } from '../support/mail-server.ts';
import { sentence } from '../support/sentence.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const JANE = 'jane@example.com';
const ends: (() => Promise<void>)[] = [];
const end = async (): Promise<void> => {
  for (const stop of ends.splice(0)) await stop();
};
beforeEach(end);
afterAll(end);

/** Real delivery over a real SMTP conversation: first mail, then Telegram. */
async function setUp() {
  const bench = await deliveryBench(stores);
  const { deps, events } = channelParts(stores);
  const server = await startMailServer();
  const { channel } = createEmail(
    { smtpUrl: server.url, from: 'book@clinic.example', publicUrl: null },
    { ...deps, clock: bench.clock, sentence, secret: 'owner-token-of-the-tests' },
    { silenceMs: 300, timeoutMs: 600, checkMs: 40 },
  );
  ends.push(() => channel.stop(), server.stop);
  await channel.start(events);
  bench.decide = ({ refusedOn }) =>
    refusedOn.includes('email')
      ? toSend({ channel: 'telegram', to: '700', price: 0 })
      : toSend({ channel: 'email', to: JANE, price: 0 });
  const channels = new Map<ChannelName, Channel>([
    ['email', channel],
    ['telegram', bench.telegram],
  ]);
  return { ...bench, server, delivery: bench.process({ deps: { channels } }) };
}

describe('A reminder by mail', () => {
  it.each<[string, MailStep, string, readonly string[]]>([
    [
      'RCPT as unknown',
      { at: 'RCPT', code: 550, text: '5.1.1 No such user' },
      'noSuchMailbox',
      [`closed email:${JANE}`],
    ],
    ['RCPT by a policy', { at: 'RCPT', code: 550, text: '5.7.1 Blocked' }, 'smtp.550', []],
    ['DATA', { at: 'DATA', code: 554, text: '5.6.0 Looks like spam' }, 'smtp.554', []],
  ])(
    'that the server refuses at %s goes by the next channel at once, the mailbox closed only where there is none (F31)',
    async (_at, step, reason, closed) => {
      const { server, delivery, telegram, plan, row, clock, told } = await setUp();
      server.script(step);
      const { id } = await plan();
      await delivery.work.run(clock.now());
      const { state, channel, timeline } = await row(id);
      expect([state, channel]).toEqual(['sent', 'telegram']);
      expect(timeline.find(({ status }) => status === 'failed')).toMatchObject({ channel: 'email', detail: reason });
      expect([server.arrived.length, telegram.arrived.length]).toEqual([0, 1]);
      expect(told.filter((line) => line.startsWith('closed'))).toEqual(closed);
    },
  );
});
