import { describe, expect, it } from '@jest/globals';
import type { SendResult } from '../../src/core/channel.ts';
import type { BotApiFault } from '../support/bot-api-faults.ts';
import { freePort } from '../support/free-port.ts';
import { openTestStores } from '../support/stores.ts';
import { callsOf, sendTo } from '../support/telegram-acts.ts';
import { type TelegramBench, type TelegramBenchOptions, telegramBench } from '../support/telegram-bench.ts';

const { stores } = await openTestStores();
const HOUR_MS = 3_600_000;

const open = async (options: TelegramBenchOptions = {}): Promise<TelegramBench> => {
  const bench = await telegramBench(stores, options);
  bench.server.users.meet(700);
  return bench;
};

/** A port at which nobody listens. */
const nobody = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;

describe('Telegram asks for silence', () => {
  it.each([1, 60, 3600])(
    'of %d s: it is kept to the millisecond and shown, and no call is made inside',
    async (seconds) => {
      const bench = await open();
      await bench.start();
      bench.server.fault('sendMessage', { kind: 'error', code: 429, retryAfter: seconds });
      expect(await sendTo(bench)).toEqual({ kind: 'retry', afterMs: seconds * 1000, reason: 'rateLimited' });
      const { state, limitedUntil } = bench.channel.health();
      expect(state).toBe('limited');
      const untilMs = (limitedUntil?.getTime() ?? 0) - Date.parse('2026-03-02T09:00:00Z');
      expect(untilMs).toBeGreaterThan(seconds * 1000 - 900);
      expect(untilMs).toBeLessThanOrEqual(seconds * 1000);
      const inside = await sendTo(bench);
      expect(inside).toMatchObject({ kind: 'retry', reason: 'rateLimited' });
      expect(callsOf(bench, 'sendMessage')).toBe(1);
      expect(bench.server.calls.filter((call) => call.inside)).toEqual([]);
      bench.advance(seconds * 1000);
      expect(bench.channel.health().state).toBe('up');
    },
  );

  it('and gets messages again afterwards', async () => {
    const bench = await open();
    await bench.start();
    bench.server.limitTo(2);
    expect((await sendTo(bench)).kind).toBe('sent');
    expect((await sendTo(bench)).kind).toBe('sent');
    const limited = await sendTo(bench);
    expect(limited).toMatchObject({ kind: 'retry', afterMs: 1000 });
    let answer = limited;
    while (answer.kind === 'retry') {
      await bench.server.called('getUpdates');
      answer = await sendTo(bench);
    }
    expect(answer.kind).toBe('sent');
    expect(bench.server.calls.filter((call) => call.inside)).toEqual([]);
  });

  it('at the start: nothing is called for that long, and the start does not wait for it', async () => {
    const bench = await open();
    bench.server.fault('getMe', { kind: 'error', code: 429, retryAfter: 3600 });
    await bench.start();
    expect(bench.channel.health()).toMatchObject({ state: 'down', detail: 'rateLimited' });
    const pause = await bench.paused(HOUR_MS);
    expect(bench.server.calls.map(({ method }) => method)).toEqual(['getMe']);
    bench.server.clearFaults();
    pause.end();
    await bench.server.users.say(700, 'да');
    expect([bench.channel.health().state, bench.telegram.botName()]).toEqual(['up', 'clinic_bot']);
    expect(bench.server.calls.filter((call) => call.inside)).toEqual([]);
  });

  it('of the polls, which wait exactly so long', async () => {
    const bench = await open();
    bench.server.fault('getUpdates', { kind: 'error', code: 429, retryAfter: 7 });
    await bench.start();
    await bench.paused(7000);
    expect(callsOf(bench, 'getUpdates')).toBe(1);
  });
});

describe('A send to Telegram', () => {
  const UNKNOWN: SendResult = { kind: 'unknown', askAfterMs: 30_000 };

  it.each<[string, BotApiFault]>([
    ['a 500', { kind: 'error', code: 500 }],
    ['a 502', { kind: 'error', code: 502 }],
    ['a 503', { kind: 'error', code: 503 }],
    ['a page of a proxy', { kind: 'garbage', taken: true }],
    ['an empty answer', { kind: 'empty', taken: true }],
    ['two megabytes', { kind: 'huge', taken: true }],
    ['JSON of another shape', { kind: 'shapeless', taken: true }],
    ['a reset before the answer', { kind: 'cut', taken: true }],
    ['a reset in the middle of the answer', { kind: 'cutMid', taken: true }],
    ['no answer at all', { kind: 'silence', taken: true }],
    ['an answer in drips', { kind: 'drip', taken: true }],
  ])('that meets %s is of unknown outcome, and is tried once', async (_what, fault) => {
    const bench = await open({ answerMs: 150 });
    await bench.start();
    bench.server.fault('sendMessage', fault);
    expect(await sendTo(bench)).toEqual(UNKNOWN);
    expect(callsOf(bench, 'sendMessage')).toBe(1);
    expect(await bench.channel.find('a-1')).toEqual({ kind: 'silent' });
    expect(bench.channel.health().state).toBe('up');
  });

  it('waits while one after the other was of unknown outcome, until a single probe is answered', async () => {
    const bench = await open();
    await bench.start();
    bench.server.fault('sendMessage', { kind: 'error', code: 502 }, 4);
    for (let tried = 0; tried < 3; tried += 1) expect(await sendTo(bench)).toEqual(UNKNOWN);
    expect(await sendTo(bench)).toMatchObject({ kind: 'retry', reason: 'unreachable' });
    bench.advance(30_000);
    expect(await Promise.all([sendTo(bench), sendTo(bench)])).toEqual([
      UNKNOWN,
      { kind: 'retry', afterMs: 5000, reason: 'unreachable' },
    ]);
    expect(callsOf(bench, 'sendMessage')).toBe(4);
    bench.advance(60_000);
    expect((await sendTo(bench)).kind).toBe('sent');
    expect((await sendTo(bench)).kind).toBe('sent');
  });

  it('that nobody listens to has not left; the pauses grow to a minute', async () => {
    const bench = await open({ apiRoot: await nobody() });
    await bench.start();
    const answers = [];
    for (let tried = 0; tried < 6; tried += 1) answers.push(await sendTo(bench));
    expect(answers).toEqual(
      [5000, 10_000, 20_000, 40_000, 60_000, 60_000].map((afterMs) => ({
        kind: 'retry',
        afterMs,
        reason: 'unreachable',
      })),
    );
  });

  it.each<[string, number, string, SendResult]>([
    [
      'a patient who blocked the bot',
      403,
      'Forbidden: bot was blocked by the user',
      { kind: 'refused', reason: 'blocked', closes: true },
    ],
    ['a deleted account', 403, 'Forbidden: user is deactivated', { kind: 'refused', reason: 'blocked', closes: true }],
    ['an unknown chat', 400, 'Bad Request: chat not found', { kind: 'refused', reason: 'chatNotFound', closes: true }],
    [
      'a deactivated user',
      400,
      'Bad Request: user is deactivated',
      { kind: 'refused', reason: 'deactivated', closes: true },
    ],
    ['a message that Telegram does not take', 400, 'Bad Request: can’t parse', { kind: 'refused', reason: 'rejected' }],
    ['a message that is too large', 413, 'Request Entity Too Large', { kind: 'refused', reason: 'rejected' }],
  ])(
    'to %s is refused for good, and the chat closed if it is the chat’s fault',
    async (_what, code, description, result) => {
      const bench = await open();
      await bench.start();
      bench.server.fault('sendMessage', { kind: 'error', code, description });
      expect(await sendTo(bench)).toEqual(result);
      expect(callsOf(bench, 'sendMessage')).toBe(1);
    },
  );

  it('to something that is no chat id is refused without a call', async () => {
    const bench = await open();
    await bench.start();
    for (const to of ['@somebody', '', '7 00', '-100#', '12345678901234567890'])
      expect(await sendTo(bench, to)).toEqual({ kind: 'refused', reason: 'chatNotFound', closes: true });
    expect(callsOf(bench, 'sendMessage')).toBe(0);
  });
});
