import { describe, expect, it } from '@jest/globals';
import type { BotApiFault } from '../support/bot-api-faults.ts';
import { openTestStores } from '../support/stores.ts';
import { callsOf, sendTo } from '../support/telegram-acts.ts';
import { type TelegramBench, type TelegramBenchOptions, telegramBench } from '../support/telegram-bench.ts';

const { stores } = await openTestStores();

const open = async (options: TelegramBenchOptions = {}): Promise<TelegramBench> => {
  const bench = await telegramBench(stores, options);
  bench.server.users.meet(700);
  return bench;
};
const downLines = ({ log }: TelegramBench) =>
  log.lines.filter(({ event }) => event === 'telegram.down').map(({ fields }) => fields?.['detail']);

describe('Polls of Telegram', () => {
  it.each<BotApiFault['kind'] & ('garbage' | 'empty' | 'huge' | 'shapeless' | 'cut' | 'cutMid')>([
    'garbage',
    'empty',
    'huge',
    'shapeless',
    'cut',
    'cutMid',
  ])('that bring %s are made again, and nothing is lost', async (kind) => {
    const bench = await open();
    bench.server.fault('getUpdates', { kind, taken: true });
    const said = bench.server.users.say(700, 'да');
    await bench.start();
    await said;
    expect(bench.received.map(({ body }) => body)).toEqual([{ kind: 'text', text: 'да' }]);
  });

  it('that fail on and on come less and less often, and the channel is down until one succeeds', async () => {
    const bench = await open();
    bench.server.fault('getUpdates', { kind: 'error', code: 502 }, 4);
    await bench.start();
    (await bench.paused(2000)).end();
    expect(bench.channel.health()).toMatchObject({ state: 'down', detail: 'unreachable' });
    (await bench.paused(4000)).end();
    const last = await bench.paused(8000);
    expect(callsOf(bench, 'getUpdates')).toBe(4);
    const polled = bench.server.called('getUpdates');
    const said = bench.server.users.say(700, 'да');
    last.end();
    await polled;
    await said;
    expect(bench.channel.health().state).toBe('up');
    expect(downLines(bench)).toEqual(['unreachable']);
    bench.server.fault('getUpdates', { kind: 'error', code: 502 }, 2);
    (await bench.paused(2000, 2)).end();
  });

  it('that another program makes too are told as a conflict, and made once a minute', async () => {
    const bench = await open();
    bench.server.fault('getUpdates', { kind: 'error', code: 409 }, 2);
    await bench.start();
    const pause = await bench.paused(60_000);
    expect(bench.channel.health()).toMatchObject({ state: 'down', detail: 'conflict' });
    expect(callsOf(bench, 'getUpdates')).toBe(1);
    pause.end();
    await bench.server.called('getUpdates');
    expect(downLines(bench)).toEqual(['conflict']);
  });

  it('come after a webhook that was set before is taken away', async () => {
    const bench = await open();
    await fetch(`${bench.server.root}/bot${bench.server.token}/setWebhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: 'http://127.0.0.1:9/' }),
    });
    await bench.start();
    await bench.server.users.say(700, 'да');
    expect(bench.received).toHaveLength(1);
  }, 5000);

  it('end at once when the channel stops, and go on when it starts again', async () => {
    const bench = await open({ pollSeconds: 60 });
    await bench.start();
    await bench.server.called('getUpdates');
    await bench.channel.stop();
    await bench.start();
    await bench.server.users.say(700, 'да');
    expect(bench.received).toHaveLength(1);
  }, 5000);
});

describe('A revoked token', () => {
  it('pauses the polling bot: one line in the log, a try in five minutes, no call in between', async () => {
    const bench = await open();
    bench.server.revoke(true);
    await bench.start();
    expect(bench.channel.health()).toMatchObject({ state: 'down', detail: 'unauthorized' });
    const pause = await bench.paused(300_000);
    expect(await sendTo(bench)).toEqual({ kind: 'retry', afterMs: 60_000, reason: 'unauthorized' });
    expect(bench.server.calls.map(({ method }) => method)).toEqual(['getMe']);
    expect(downLines(bench)).toEqual(['unauthorized']);
    const said = bench.server.users.say(700, 'да');
    bench.server.revoke(false);
    pause.end();
    await said;
    expect(bench.channel.health().state).toBe('up');
    expect(bench.telegram.botName()).toBe('clinic_bot');
  });

  it('that is revoked while we poll pauses the bot, and nothing that was said is lost', async () => {
    const bench = await open();
    await bench.start();
    bench.server.revoke(true);
    const pause = await bench.paused(300_000);
    expect(bench.channel.health()).toMatchObject({ state: 'down', detail: 'unauthorized' });
    const said = bench.server.users.say(700, 'да');
    const calls = bench.server.calls.length;
    expect(await sendTo(bench)).toMatchObject({ kind: 'retry', reason: 'unauthorized' });
    expect(bench.server.calls).toHaveLength(calls);
    bench.server.revoke(false);
    pause.end();
    await said;
    expect(bench.received).toHaveLength(1);
  });

  it('is met by a send with a webhook, and looked after every five minutes', async () => {
    const bench = await open({ mode: 'webhook' });
    await bench.start();
    bench.server.revoke(true);
    expect(await sendTo(bench)).toEqual({ kind: 'retry', afterMs: 60_000, reason: 'unauthorized' });
    expect(bench.channel.health()).toMatchObject({ state: 'down', detail: 'unauthorized' });
    for (const tick of bench.ticks) tick();
    const pause = await bench.paused(300_000);
    for (const tick of bench.ticks) tick();
    expect(callsOf(bench, 'getMe')).toBe(2);
    expect(downLines(bench)).toEqual(['unauthorized']);
    bench.server.revoke(false);
    const set = bench.server.called('setWebhook');
    pause.end();
    await set;
    await bench.server.users.say(700, 'да');
    expect(bench.received).toHaveLength(1);
    expect((await sendTo(bench)).kind).toBe('sent');
  });

  it('stands in no line of the log, nor do a chat, a number or a word', async () => {
    const bench = await open({ answerMs: 150 });
    bench.events.received = async () => {
      bench.events.received = async () => undefined;
      throw new Error('The database is away.');
    };
    await bench.start();
    for (const fault of ['garbage', 'silence'] as const) {
      bench.server.fault('sendMessage', { kind: fault });
      await sendTo(bench);
    }
    bench.server.fault('sendMessage', { kind: 'error', code: 401 });
    await bench.server.users.say(700, 'тайна');
    await sendTo(bench);
    const written = bench.log.lines.map(({ event, fields }) => {
      const error = fields?.['error'];
      return JSON.stringify([event, fields, error instanceof Error ? [error.message, error.stack] : null]);
    });
    expect(written.length).toBeGreaterThan(2);
    for (const line of written) expect(line).not.toMatch(/AAtest|тайна|"700"|See you/);
  });
});

describe('A start', () => {
  it('does not wait for a Telegram that says nothing, and a stop does not either', async () => {
    const bench = await open({ answerMs: 60_000 });
    bench.server.fault('getMe', { kind: 'silence' });
    const asked = bench.server.called('getMe');
    const started = bench.start();
    await asked;
    (await bench.paused(5000)).end();
    await started;
    expect(bench.channel.health().state).toBe('connecting');
    await started;
    expect(bench.channel.health().state).toBe('connecting');
    await bench.channel.stop();
    await bench.start();
    await bench.server.users.say(700, 'да');
    expect(bench.received).toHaveLength(1);
  }, 5000);
});

describe('A webhook of Telegram', () => {
  it('that Telegram cannot be told of is told again, and the service starts without it', async () => {
    const bench = await open({ mode: 'webhook' });
    bench.server.fault('setWebhook', { kind: 'error', code: 400, description: 'Bad Request: bad webhook' });
    await bench.start();
    expect(bench.channel.health()).toMatchObject({ state: 'down', detail: 'refused' });
    (await bench.paused(300_000)).end();
    await bench.server.users.say(700, 'да');
    expect(bench.received).toHaveLength(1);
    expect(bench.channel.health().state).toBe('up');
  });

  it('that somebody took away is back within five minutes', async () => {
    const bench = await open({ mode: 'webhook' });
    await bench.start();
    await fetch(`${bench.server.root}/bot${bench.server.token}/deleteWebhook`, { method: 'POST' });
    const said = bench.server.users.say(700, 'да');
    for (const tick of bench.ticks) tick();
    await said;
    expect(bench.received).toHaveLength(1);
  });
});
