import { beforeEach, describe, expect, it } from '@jest/globals';
import { createInbound } from '../../src/bots/inbound.ts';
import { countedMetrics } from '../support/counted-metrics.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { quietLog } from '../support/quiet-log.ts';
import { openTestStores } from '../support/stores.ts';
import { telegramBench } from '../support/telegram-bench.ts';

const { stores } = await openTestStores();
const SECRET_HEADER = 'x-telegram-bot-api-secret-token';
const person = { id: 700, is_bot: false, first_name: 'Dana' };

beforeEach(() => stores.simulator.reset());

describe('The door of Telegram', () => {
  const update = {
    update_id: 5,
    message: { message_id: 1, date: 1, chat: { id: 700, type: 'private' }, from: person, text: 'да' },
  };
  const post = (url: string, body: string, headers: Readonly<Record<string, string>>) =>
    fetch(url, { method: 'POST', body, headers }).then(({ status }) => status);

  it('is shut without the right secret, whatever is brought', async () => {
    const { start, hookUrl, secret, received } = await telegramBench(stores, { mode: 'webhook' });
    await start();
    const wrong = [undefined, '', 'x', `${secret}x`, secret.slice(1), secret.toUpperCase(), secret.replace('a', 'b')];
    for (const given of wrong)
      for (const body of [JSON.stringify(update), '{"broken', ''])
        expect(await post(hookUrl, body, given === undefined ? {} : { [SECRET_HEADER]: given })).toBe(401);
    expect(received).toEqual([]);
  });

  it('looks at nothing but the secret when that is wrong', async () => {
    const { start, telegram } = await telegramBench(stores, { mode: 'webhook' });
    await start();
    const unread = {
      method: 'POST',
      url: '/hooks/telegram',
      query: {},
      headers: { [SECRET_HEADER]: 'wrong' },
      body: async () => {
        throw new Error('The body was looked at.');
      },
    } as const;
    expect(await telegram.hook?.(unread)).toEqual({ status: 401 });
  });

  it('takes a body of no shape with 200, for it would come again for days', async () => {
    const { start, hookUrl, secret, received } = await telegramBench(stores, { mode: 'webhook' });
    await start();
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const body of ['{"broken', '', 'null', '[]', '"x"', '{"update_id":null}', '\u0000', deep])
      expect(await post(hookUrl, body, { [SECRET_HEADER]: secret })).toBe(200);
    expect(received).toEqual([]);
  });

  it('asks Telegram to come again while the channel is not started', async () => {
    const { hookUrl, secret } = await telegramBench(stores, { mode: 'webhook' });
    expect(await post(hookUrl, JSON.stringify(update), { [SECRET_HEADER]: secret })).toBe(503);
  });

  it('answers every repeat with 200 and lets it have one effect, in whatever order the ids come', async () => {
    const { start, events, hookUrl, secret } = await telegramBench(stores, { mode: 'webhook' });
    const handled: string[] = [];
    const clock = fakeClock('2026-03-02T09:00:00Z');
    const inbound = createInbound({
      inbound: stores.inbound,
      spool: null,
      handle: async ({ id }) => void handled.push(id),
      clock,
      pause: async () => undefined,
      log: quietLog(),
      metrics: countedMetrics(),
    });
    events.received = inbound.received;
    await start();
    const bring = (id: number) =>
      post(hookUrl, JSON.stringify({ ...update, update_id: id }), { [SECRET_HEADER]: secret });
    expect(await Promise.all(Array.from({ length: 10 }, () => bring(5)))).toEqual(
      Array.from({ length: 10 }, () => 200),
    );
    expect(await bring(4)).toBe(200);
    clock.advance(7 * 86_400_000);
    expect(await bring(5)).toBe(200);
    await inbound.allIdle();
    expect(handled).toEqual(['u42.5', 'u42.4']);
  });
});
