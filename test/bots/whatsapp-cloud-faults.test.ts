import { describe, expect, it } from '@jest/globals';
import { messageKey } from '../../src/bots/whatsapp-cloud/message-key.ts';
import type { SendResult } from '../../src/core/channel.ts';
import { type CloudBench, cloudBench } from '../support/cloud-bench.ts';
import { openTestStores } from '../support/stores.ts';
import { until } from '../support/until.ts';

const { stores } = await openTestStores();
const MINUTE_MS = 60_000;
const UNKNOWN: SendResult = { kind: 'unknown', askAfterMs: 600_000 };

let made = 0;
/** Attempts of different tests are not mixed up in the store. */
async function opened(
  options?: Parameters<typeof cloudBench>[1],
): Promise<CloudBench & { readonly attemptId: string }> {
  const bench = await cloudBench(stores, options);
  await bench.start();
  return { ...bench, attemptId: `attempt-${(made += 1)}` };
}

describe('The statuses of a message', () => {
  it('come as receipts with our attempt, sent, delivered and read', async () => {
    const { channel, server, message, receipts, phone, attemptId } = await opened();
    const answer = await channel.send(message({ attemptId }));
    server.read(phone);
    await server.webhooks.idle();
    const providerId = answer.kind === 'sent' ? answer.providerId : '';
    const about = { channel: 'whatsapp', providerId, attemptId, at: expect.any(Date) };
    expect(receipts).toEqual(['sent', 'delivered', 'read'].map((status) => ({ ...about, status })));
  });

  it('may come in any order: each is told, and the rank decides', async () => {
    const { channel, server, message, receipts, phone, attemptId } = await opened();
    server.webhooks.hold(true);
    server.webhooks.backwards(true);
    await channel.send(message({ attemptId }));
    server.read(phone);
    server.webhooks.hold(false);
    await server.webhooks.idle();
    expect(receipts.map(({ status }) => status)).toEqual(['read', 'delivered', 'sent']);
  });

  it('may come before the answer to the send itself', async () => {
    const { channel, server, message, receipts, attemptId } = await opened();
    server.next({ delayMs: 50 });
    const { receipt } = { receipt: channel.send(message({ attemptId })) };
    await until(() => receipts.length > 0);
    expect(receipts[0]).toMatchObject({ status: 'sent', attemptId });
    expect(await receipt).toMatchObject({ kind: 'sent', providerId: receipts[0]?.providerId });
  });

  it.each([
    [131026, { reason: 'undeliverable', closes: true }],
    [131047, { reason: 'windowClosed' }],
    [131049, { reason: 'marketingCapped' }],
    [139999, { reason: 'error139999' }],
  ])('say why Meta refused late (%i)', async (code, why) => {
    const { channel, server, message, receipts, attemptId } = await opened();
    await channel.send(message({ attemptId }));
    server.fail(server.shown('+995555123456')[0]?.id ?? '', code);
    await server.webhooks.idle();
    expect(receipts.at(-1)).toEqual({
      channel: 'whatsapp',
      providerId: expect.any(String),
      attemptId,
      at: expect.any(Date),
      status: 'failed',
      ...why,
    });
  });
});

describe('A send whose answer is lost', () => {
  it.each([
    ['the line breaks in the middle of the answer', 'cutAfter'],
    ['the answer is no JSON', { status: 200, body: '<html>ok</html>', taken: true }],
    ['the answer is empty', { status: 200, body: '', taken: true }],
    ['the answer has no id', { status: 200, body: '{"messages":[]}', taken: true }],
    ['the answer is 2 MB', { status: 200, body: `{"x":"${'y'.repeat(2_000_000)}"}`, taken: true }],
    ['Meta fails with 500 after it took it', { status: 500, body: '{"error":{"code":131000}}', taken: true }],
  ] as const)('is unknown where %s, and known to be sent once a status names it', async (_what, fault) => {
    const { channel, server, message, attemptId, receipts } = await opened();
    server.webhooks.hold(true);
    server.next(fault);
    expect(await channel.send(message({ attemptId }))).toEqual(UNKNOWN);
    expect(await channel.find(attemptId)).toEqual({ kind: 'silent' });
    server.webhooks.hold(false);
    await server.webhooks.idle();
    expect(await channel.find(attemptId)).toEqual({ kind: 'sent', providerId: receipts[0]?.providerId });
  });

  it.each([
    ['breaks the line before it reads', 'cutBefore'],
    ['fails with 500', { status: 500, body: 'Internal error' }],
    ['fails with 502', { status: 502, body: '<html>Bad gateway</html>' }],
    ['fails with 503', { status: 503, body: '{"error":{"code":2}}' }],
    ['says nothing', 'silent'],
    ['answers without an end', 'drip'],
  ] as const)(
    'is unknown where Meta %s, and absent after ten minutes in which Meta reached us otherwise',
    async (_what, fault) => {
      const { channel, server, message, pass, phone, attemptId } = await opened({ timeoutMs: 200 });
      server.next(fault);
      expect(await channel.send(message({ attemptId }))).toEqual(UNKNOWN);
      pass(1);
      server.say(phone, 'of something else');
      await server.webhooks.idle();
      pass(10 * MINUTE_MS - 1000);
      expect(await channel.find(attemptId)).toEqual({ kind: 'silent' });
      pass(1000);
      expect(await channel.find(attemptId)).toEqual({ kind: 'absent' });
    },
  );

  it('stays unknown while no webhook at all comes: they may be lost as well', async () => {
    const { channel, server, message, pass, attemptId } = await opened();
    server.next('cutBefore');
    await channel.send(message({ attemptId }));
    pass(60 * MINUTE_MS);
    expect(await channel.find(attemptId)).toEqual({ kind: 'silent' });
  });

  it('that a killed process made is found by its status in the next one', async () => {
    const { server, channel, message, restarted, attemptId } = await opened();
    server.webhooks.hold(true);
    await channel.send(message({ attemptId }));
    const next = await restarted();
    expect(await next.find(attemptId)).toEqual({ kind: 'silent' });
    server.webhooks.hold(false);
    await server.webhooks.idle();
    // The status came to the first process, and is kept for every one.
    const [shown] = server.shown('+995555123456');
    expect(await next.find(attemptId)).toEqual({ kind: 'silent' });
    expect(await channel.find(attemptId)).toEqual({ kind: 'sent', providerId: messageKey(shown?.id ?? '') });
  });
});

describe('A send that never leaves', () => {
  it('is tried again after pauses that grow, and says so', async () => {
    const { channel, server, message } = await opened();
    await server.close();
    const answers: SendResult[] = [];
    for (let at = 0; at < 8; at += 1) answers.push(await channel.send(message()));
    expect(answers.map((answer) => (answer.kind === 'retry' ? answer.afterMs / 1000 : answer.kind))).toEqual([
      // Over a line that was kept open it may have left, for all we know.
      'unknown',
      ...[5, 10, 20, 40, 80, 160, 300],
    ]);
  });

  it('is not even made before the channel is started, nor after it is stopped', async () => {
    const { channel, server, message } = await opened();
    await channel.stop();
    expect(await channel.send(message())).toEqual({ kind: 'retry', afterMs: 60_000, reason: 'notConnected' });
    expect(server.calls).toEqual([]);
  });

  it('leaves the channel down at a start while Meta is away, asking once a minute, and up by itself afterwards', async () => {
    const bench = await cloudBench(stores);
    const { channel, server, pass } = bench;
    server.unplug(true);
    await bench.start({ templates: false });
    expect(channel.health()).toMatchObject({ state: 'down', detail: 'unreachable' });
    server.unplug(false);
    pass(MINUTE_MS - 1);
    expect(channel.health().state).toBe('down');
    pass(1);
    await until(() => channel.health().state === 'up');
  });
});

describe('Five minutes in which Meta fails', () => {
  it('make three messages unknown and no more: the others wait, one probe at a time goes, and all is well after it', async () => {
    const { channel, server, message, pass } = await opened();
    const send = (at: number) => channel.send(message({ attemptId: `outage-${made}-${at}` }));
    server.always({ status: 503, body: 'Service unavailable' });
    const kinds: string[] = [];
    for (let at = 0; at < 5; at += 1) kinds.push((await send(at)).kind);
    expect(kinds).toEqual(['unknown', 'unknown', 'unknown', 'retry', 'retry']);
    expect(channel.health().state).toBe('limited');
    expect(await send(6)).toMatchObject({ kind: 'retry', reason: 'unavailable' });
    pass(33_000);
    const together = await Promise.all([send(7), send(8), send(9)]);
    expect(together.map(({ kind }) => kind)).toEqual(['unknown', 'retry', 'retry']);
    expect(server.calls).toHaveLength(4);
    pass(59_000);
    expect(await send(10)).toMatchObject({ kind: 'retry', reason: 'unavailable' });
    server.always(null);
    pass(7_000);
    const back = await Promise.all([send(11), send(12)]);
    expect(back.map(({ kind }) => kind)).toEqual(['sent', 'retry']);
    expect(await send(13)).toMatchObject({ kind: 'sent' });
    expect(server.calls).toHaveLength(6);
  });
});

describe('A limit', () => {
  it('shows until when the channel is left alone, on our clock, and ends by real time', async () => {
    const { channel, server, message, pass, clock } = await opened();
    server.next({ code: 130429, status: 429, retryAfter: 60 });
    await channel.send(message());
    const { state, limitedUntil } = channel.health();
    expect(state).toBe('limited');
    const seconds = ((limitedUntil?.getTime() ?? 0) - clock.now().getTime()) / 1000;
    expect(Math.ceil(seconds)).toBe(60);
    pass(60_000);
    expect(channel.health().state).toBe('up');
  });

  it('of one chat leaves the others alone', async () => {
    const { channel, server, message } = await opened();
    server.next({ code: 131056 });
    expect(await channel.send(message())).toMatchObject({ kind: 'retry', only: 'message' });
    expect(channel.health().state).toBe('up');
    expect(await channel.send(message())).toMatchObject({ kind: 'sent' });
  });
});

describe('What the channel writes down', () => {
  it('is nothing for a message that is answered, read and done', async () => {
    const { channel, server, message, phone, attemptId } = await opened();
    await channel.send(message({ attemptId }));
    server.read(phone);
    await server.webhooks.idle();
    expect(await stores.channelMemory.get('whatsapp', `attempt.${attemptId}`)).toBeNull();
  });

  it('never has the token, a number or words in its log', async () => {
    const { channel, server, message, log, phone, attemptId } = await opened();
    const text = { key: 'x', locale: 'en', text: 'My secret illness', choices: [] } as const;
    for (const code of [190, 131026, 130429, 139999, 100]) {
      server.next({ code });
      await channel.send(message({ attemptId, text }));
    }
    const written = JSON.stringify(log.lines);
    for (const secret of [server.settings.token, server.settings.appSecret, phone.slice(1), 'illness'])
      expect(written).not.toContain(secret);
  });
});
