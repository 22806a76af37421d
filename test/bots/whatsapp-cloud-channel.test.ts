import { describe, expect, it } from '@jest/globals';
import type { SendResult } from '../../src/core/channel.ts';
import { channelContract } from '../contracts/channel.ts';
import { cloudBench } from '../support/cloud-bench.ts';
import { openTestStores } from '../support/stores.ts';
import { until } from '../support/until.ts';

const { stores } = await openTestStores();
const MINUTE_MS = 60_000;
const NOBODY = '+995555999999';

channelContract({
  name: 'The Cloud API channel',
  create: async () => {
    const bench = await cloudBench(stores, { timeoutMs: 300 });
    const { server, channel } = bench;
    server.withoutWhatsapp(NOBODY);
    return {
      channel,
      reachable: bench.phone,
      unreachable: NOBODY,
      arrived: async (address) => server.shown(address).map(({ text }) => text),
      fallSilent: async () => server.always('silent'),
      limit: async () => server.always({ code: 130429, status: 429 }),
    };
  },
});

describe('An error of Meta’s', () => {
  const answerTo = async (code: number, status?: number, retryAfter?: number): Promise<SendResult> => {
    const { channel, server, start, message } = await cloudBench(stores);
    await start();
    server.next({ code, ...(status !== undefined && { status }), ...(retryAfter !== undefined && { retryAfter }) });
    return channel.send(message());
  };

  it.each([
    [131026, { kind: 'refused', reason: 'undeliverable', closes: true }],
    [131021, { kind: 'refused', reason: 'ownNumber', closes: true }],
    [131049, { kind: 'refused', reason: 'marketingCapped' }],
    [131050, { kind: 'refused', reason: 'marketingRefused' }],
    [132001, { kind: 'refused', reason: 'templateMissing' }],
    [132015, { kind: 'refused', reason: 'templatePaused' }],
    [132016, { kind: 'refused', reason: 'templateDisabled' }],
    [132000, { kind: 'refused', reason: 'templateChanged' }],
    [131009, { kind: 'refused', reason: 'invalidMessage' }],
    [139999, { kind: 'refused', reason: 'error139999' }],
    [131056, { kind: 'retry', afterMs: 8000, reason: 'pairLimited', only: 'message' }],
    [130429, { kind: 'retry', afterMs: 1000, reason: 'rateLimited' }],
    [80007, { kind: 'retry', afterMs: 60_000, reason: 'rateLimited' }],
    [4, { kind: 'retry', afterMs: 60_000, reason: 'rateLimited' }],
    [131048, { kind: 'retry', afterMs: 3_600_000, reason: 'spamLimited' }],
  ])('%i is told by its code', async (code, result) => {
    expect(await answerTo(code)).toEqual(result);
  });

  it('says by Retry-After how long to wait, to the second', async () => {
    expect(await answerTo(130429, 429, 17)).toEqual({ kind: 'retry', afterMs: 17_000, reason: 'rateLimited' });
  });

  it('waits longer each time that the limit is met again, and begins anew after a success', async () => {
    const { channel, server, start, message } = await cloudBench(stores);
    await start();
    const waits: number[] = [];
    for (const fault of [{ code: 130429 }, { code: 130429 }, { code: 130429 }, { delayMs: 1 }, { code: 130429 }]) {
      server.next(fault);
      const answer = await channel.send(message());
      if (answer.kind === 'retry') waits.push(answer.afterMs);
    }
    expect(waits).toEqual([1000, 2000, 4000, 1000]);
  });

  it.each([
    [190, 401, 'unauthorized'],
    [368, 403, 'accountLocked'],
    [131031, 403, 'accountLocked'],
    [131042, 400, 'paymentMissing'],
  ])('%i takes the channel down, so that others are used, and says why', async (code, status, why) => {
    const { channel, server, start, message, log } = await cloudBench(stores);
    await start();
    server.next({ code, status });
    expect(await channel.send(message())).toEqual({ kind: 'retry', afterMs: 300_000, reason: why });
    expect(channel.health()).toMatchObject({ state: 'down', detail: why });
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([
      { level: 'error', event: 'whatsapp.down', fields: { why } },
    ]);
  });

  it('of a token that counts no more is asked about at most every five minutes, and healed by itself', async () => {
    const { channel, server, start, message, pass } = await cloudBench(stores);
    await start();
    server.accept(false);
    await channel.send(message());
    const listed = server.templates.listed();
    server.accept(true);
    pass(4 * MINUTE_MS);
    await channel.send(message());
    expect(server.templates.listed()).toBe(listed);
    expect(channel.health()).toMatchObject({ state: 'down', detail: 'unauthorized' });
    pass(MINUTE_MS);
    await until(() => channel.health().state === 'up');
  });

  it('at the start leaves the channel down until it lets us in', async () => {
    const { channel, server, start, pass } = await cloudBench(stores);
    server.accept(false);
    await start({ templates: false });
    expect(channel.health()).toMatchObject({ state: 'down', detail: 'unauthorized' });
    server.accept(true);
    pass(5 * MINUTE_MS);
    await until(() => channel.health().state === 'up');
  });

  it('without any code of Meta’s is somebody’s between us, and is tried again', async () => {
    const { channel, server, start, message } = await cloudBench(stores);
    await start();
    server.next({ status: 403, body: '<html>Proxy</html>' });
    expect(await channel.send(message())).toEqual({ kind: 'retry', afterMs: 60_000, reason: 'refusedWithoutCode' });
  });
});
