import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSms } from '../../src/bots/sms/channel.ts';
import type { TwilioSettings } from '../../src/core/channel-settings.ts';
import { channelContract } from '../contracts/channel.ts';
import { channelParts } from '../support/channel-parts.ts';
import { outgoing } from '../support/outgoing.ts';
import { openTestStores } from '../support/stores.ts';
import { startTwilioServer } from '../support/twilio-server.ts';
import { until } from '../support/until.ts';

const { stores } = await openTestStores();
const JANE = '+995555123456';
const TIMES = { timeoutMs: 300, checkMs: 40 };
const servers: { stop(): Promise<void> }[] = [];
const stops: (() => Promise<void>)[] = [];

async function setUp(change: Partial<TwilioSettings> = {}) {
  await stores.simulator.reset();
  const twilio = await startTwilioServer();
  servers.push(twilio);
  const parts = channelParts(stores);
  const { channel } = createSms({ ...twilio.settings, ...change }, parts.deps, TIMES);
  stops.push(() => channel.stop());
  return { twilio, channel, ...parts };
}

async function started(change: Partial<TwilioSettings> = {}) {
  const under = await setUp(change);
  await under.channel.start(under.events);
  return under;
}

const end = async (): Promise<void> => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await Promise.all(stops.splice(0).map((stop) => stop()));
};
beforeEach(end);
afterAll(end);

const send = outgoing({ to: JANE });

channelContract({
  name: 'SMS',
  create: async () => {
    const { twilio, channel } = await setUp();
    twilio.refuse('+15005550001', 21211);
    return {
      channel,
      reachable: JANE,
      unreachable: '+15005550001',
      arrived: async (to) =>
        twilio.messages.filter(({ form }) => form['To'] === to).map(({ form }) => form['Body'] ?? ''),
      fallSilent: async () => twilio.always('hang'),
      limit: async () => twilio.always({ error: 20429, status: 429, retryAfter: '7' }),
    };
  },
});

describe('An SMS', () => {
  it('goes from our number, with the words as they are and a place for its receipts', async () => {
    const { twilio, channel } = await started();
    await channel.send({ ...send, text: { ...send.text, text: 'Ждём вас & <b>ждём</b> +1 в 10:00' } });
    expect(twilio.messages.map(({ form }) => form)).toEqual([
      {
        To: JANE,
        From: '+15005550006',
        Body: 'Ждём вас & <b>ждём</b> +1 в 10:00',
        StatusCallback: 'https://clinic.example/hooks/twilio?attempt=a-1#rc=5&rp=5xx,ct,rt',
      },
    ]);
  });

  it('without a public address of ours asks for no receipts, and the channel promises none', async () => {
    const { twilio, channel } = await started({ publicUrl: null });
    await channel.send(send);
    expect(Object.keys(twilio.messages[0]?.form ?? {})).toEqual(['To', 'From', 'Body']);
    expect(channel.can.receipts).toBe('none');
  });

  it('goes from our number after all where the country takes no names', async () => {
    const { twilio, channel } = await started();
    twilio.post({ error: 21612 });
    expect(await channel.send({ ...send, sender: { sms: 'Clinic' } })).toMatchObject({ kind: 'sent' });
    expect(twilio.messages.map(({ form }) => form['From'])).toEqual(['+15005550006']);
    expect(twilio.requests).toEqual(['GET Account', 'POST Messages', 'POST Messages']);
  });

  it.each([
    [21211, { kind: 'refused', reason: 'invalidNumber', closes: true }],
    [21614, { kind: 'refused', reason: 'notMobile', closes: true }],
    [21610, { kind: 'refused', reason: 'stopped', closes: true }],
    [21408, { kind: 'refused', reason: 'regionNotAllowed' }],
    [21612, { kind: 'refused', reason: 'unreachable' }],
    [21608, { kind: 'refused', reason: 'notVerified' }],
    [21999, { kind: 'refused', reason: 'code.21999' }],
  ])(
    'that is refused with %d is refused for good, the number closed only where it is dead (F31)',
    async (code, answer) => {
      const { twilio, channel } = await started();
      twilio.refuse(JANE, code);
      expect(await channel.send(send)).toEqual(answer);
      expect(channel.health().state).toBe('up');
      expect(twilio.messages).toEqual([]);
    },
  );

  it.each([
    ['20429 with 7 s', { error: 20429, status: 429, retryAfter: '7' }, 7_000],
    ['429 without a time', { error: 20429, status: 429 }, 5_000],
    ['a full queue of our number', { error: 21611 }, 5_000],
    ['a day', { error: 20429, status: 429, retryAfter: '86400' }, 3_600_000],
  ] as const)('waits for exactly as long as Twilio says: %s (F28)', async (_name, step, afterMs) => {
    const { twilio, channel, clock } = await started();
    twilio.post(step);
    expect(await channel.send(send)).toEqual({ kind: 'retry', afterMs, reason: 'rateLimited' });
    const { state, limitedUntil } = channel.health();
    expect(state).toBe('limited');
    const leftMs = (limitedUntil?.getTime() ?? 0) - clock.now().getTime();
    expect(leftMs).toBeGreaterThan(afterMs - 1_000);
    expect(leftMs).toBeLessThanOrEqual(afterMs);
  });

  it.each(['cutAfter', 'cutMidAnswer', 'garbage', 'empty', 'huge', 'slowDrip', 'hang'] as const)(
    'whose answer is lost (%s) is unknown, and is found by listing before anything is sent again (F30)',
    async (step) => {
      const { twilio, channel } = await started();
      twilio.post(step);
      expect(await channel.send(send)).toEqual({ kind: 'unknown', askAfterMs: 60_000 });
      expect(await channel.find('a-1')).toEqual({ kind: 'sent', providerId: twilio.messages[0]?.sid });
      expect(twilio.messages).toHaveLength(1);
    },
  );

  it.each(['cutBefore', { status: 500 }, { status: 503, body: '' }] as const)(
    'that did not arrive (%j) is unknown too, and proved to be absent by listing (F30)',
    async (step) => {
      const { twilio, channel } = await started();
      twilio.post(step);
      expect(await channel.send(send)).toEqual({ kind: 'unknown', askAfterMs: 60_000 });
      expect(await channel.find('a-1')).toEqual({ kind: 'absent' });
    },
  );

  it('behind a broken proxy, which knows no code of Twilio’s, was not taken', async () => {
    const { twilio, channel } = await started();
    twilio.post({ status: 407, body: '<html>Proxy</html>' });
    expect(await channel.send(send)).toEqual({ kind: 'retry', afterMs: 40, reason: 'http.407' });
  });

  it('is looked for among all to that number, over pages, by its words and time', async () => {
    const { twilio, channel } = await started();
    twilio.list({ To: JANE, Body: 'See you at 12:00' }, 120_000);
    twilio.post('hang');
    await channel.send(send);
    const { sid } = twilio.messages.at(-1) ?? {};
    for (let count = 0; count < 450; count += 1) twilio.list({ To: JANE, Body: `Later ${count}` });
    twilio.list({ To: '+995555000000', Body: 'See you at 12:00' });
    expect(await channel.find('a-1')).toEqual({ kind: 'sent', providerId: sid });
    expect(twilio.requests.filter((line) => line === 'GET Messages')).toHaveLength(3);
  });

  it('is not taken for an older one of the same words', async () => {
    const { twilio, channel } = await started();
    twilio.list({ To: JANE, Body: 'See you at 12:00' }, 120_000);
    twilio.post({ status: 502 });
    await channel.send(send);
    expect(await channel.find('a-1')).toEqual({ kind: 'absent' });
  });

  it('is not taken for another message of the same words that just went there', async () => {
    const { twilio, channel, deps } = await setUp();
    const taps = { ...deps.taps, messageOf: async (_channel: string, sid: string) => owners.get(sid) ?? null };
    const owners = new Map<string, string>();
    const under = createSms(twilio.settings, { ...deps, taps }, TIMES);
    stops.push(() => under.channel.stop());
    await under.channel.start(channelParts(stores).events);
    twilio.post('cutBefore');
    await under.channel.send(send);
    await under.channel.send({ ...send, attemptId: 'a-2', messageId: 'm-2' });
    owners.set(twilio.messages[0]?.sid ?? '', 'm-2');
    expect(await under.channel.find('a-1')).toEqual({ kind: 'absent' });
    expect(await under.channel.find('a-2')).toEqual({ kind: 'sent', providerId: twilio.messages[0]?.sid });
    expect(channel.health().state).toBe('off');
  });

  it('of a trial account is known behind the words that Twilio puts before it', async () => {
    const { twilio, channel } = await started();
    twilio.post({ status: 502 });
    await channel.send(send);
    const body = 'Sent from your Twilio trial account - See you at 12:00';
    const { sid } = twilio.list({ To: JANE, Body: body });
    expect(await channel.find('a-1')).toEqual({ kind: 'sent', providerId: sid });
  });

  it('that nobody can be asked about stays unknown', async () => {
    const { twilio, channel } = await started();
    twilio.post('hang');
    await channel.send(send);
    for (const step of [
      { status: 500 },
      { status: 200, body: 'garbage' },
      { status: 200, body: '{}' },
      'hang',
    ] as const) {
      twilio.get(step);
      expect(await channel.find('a-1')).toEqual({ kind: 'silent' });
    }
  });

  it('is asked for after a restart, and what is kept of it holds no words', async () => {
    const { twilio, channel, deps } = await started();
    twilio.post('hang');
    await channel.send(send);
    const again = createSms(twilio.settings, deps, TIMES);
    expect(await again.channel.find('a-1')).toEqual({ kind: 'sent', providerId: twilio.messages[0]?.sid });
    expect(await stores.channelMemory.keysOf('sms', JANE)).toEqual(['attempt a-1 to']);
    expect(await stores.channelMemory.get('sms', 'attempt a-1 what')).toMatch(/^\d{13} [\w-]{43} m-1$/);
  });

  it('is not sent when it cannot be noted first', async () => {
    const { twilio, deps, events } = await setUp();
    const memory = { ...deps.memory, set: () => Promise.reject(new Error('the store is away')) };
    const { channel } = createSms(twilio.settings, { ...deps, memory }, TIMES);
    stops.push(() => channel.stop());
    await channel.start(events);
    expect(await channel.send(send)).toMatchObject({ kind: 'retry', reason: 'storeAway', only: 'message' });
    expect(twilio.messages).toEqual([]);
  });

  it('leaves no number and no words in the log', async () => {
    const { twilio, channel, log } = await started();
    for (const step of ['hang', 'garbage', { status: 500 }, { error: 20003, status: 401 }] as const) {
      twilio.post(step);
      await channel.send(send);
    }
    const written = JSON.stringify(log.lines);
    expect(written).toContain('channel.down');
    expect(written).not.toMatch(/995555|See you|twilio-token/);
  });
});

describe('The SMS channel', () => {
  it('pauses when the token is no longer good, says it once and does not try on its own (F33)', async () => {
    const { twilio, channel, log, events } = await started();
    twilio.always({ error: 20003, status: 401 });
    expect(await channel.send(send)).toEqual({ kind: 'retry', afterMs: 600_000, reason: 'unauthorized' });
    expect(channel.health()).toMatchObject({ state: 'down', detail: 'unauthorized' });
    const made = twilio.requests.length;
    expect(await channel.send(send)).toEqual({ kind: 'retry', afterMs: 600_000, reason: 'unauthorized' });
    await new Promise((resolve) => {
      AbortSignal.timeout(150).addEventListener('abort', resolve);
    });
    expect(twilio.requests).toHaveLength(made);
    expect(log.lines.filter(({ event }) => event === 'channel.down')).toHaveLength(1);
    twilio.always(null);
    await channel.start(events);
    expect(channel.health().state).toBe('up');
  });

  it('starts with a wrong token as down, without a throw', async () => {
    const { channel, events } = await setUp({ authToken: 'another-token-of-16' });
    await channel.start(events);
    expect(channel.health()).toMatchObject({ state: 'down', detail: 'unauthorized' });
  });

  it('does not hold up the start for a Twilio that answers late, and is up when it has', async () => {
    const { twilio, deps, events } = await setUp();
    twilio.get({ delayMs: 150 });
    const { channel } = createSms(twilio.settings, { ...deps, pause: async () => undefined }, TIMES);
    stops.push(() => channel.stop());
    await channel.start(events);
    expect(channel.health().state).toBe('connecting');
    expect(await channel.send(send)).toMatchObject({ kind: 'retry', reason: 'notConnected' });
    await until(() => channel.health().state === 'up', { what: 'the answer of Twilio' });
  });

  it('of an account without money is down, though Twilio answers', async () => {
    const { twilio, channel, events } = await setUp();
    twilio.status = 'suspended';
    await channel.start(events);
    expect(channel.health()).toMatchObject({ state: 'down', detail: 'accountSuspended' });
  });

  it('lets nothing more out after three lost answers in a row, probes one at a time, and goes on (F29)', async () => {
    const { twilio, channel } = await started();
    twilio.always({ status: 503 });
    for (const attemptId of ['a-1', 'a-2', 'a-3'])
      expect(await channel.send({ ...send, attemptId })).toMatchObject({ kind: 'unknown' });
    expect(channel.health()).toMatchObject({ state: 'down', detail: 'noAnswer' });
    for (let count = 0; count < 20; count += 1)
      expect(await channel.send({ ...send, attemptId: `b-${count}` })).toMatchObject({ kind: 'retry', afterMs: 40 });
    expect(twilio.requests.filter((line) => line === 'POST Messages')).toHaveLength(3);
    twilio.always(null);
    await until(() => channel.health().state === 'up', { what: 'Twilio being back' });
    const other = { ...send, attemptId: 'c-1', text: { ...send.text, text: 'Another message' } };
    expect(await channel.send(other)).toMatchObject({ kind: 'sent' });
    expect(await Promise.all(['a-1', 'a-2', 'a-3'].map((id) => channel.find(id)))).toEqual(
      Array(3).fill({ kind: 'absent' }),
    );
  });

  it('is down while Twilio cannot be reached, and has sent nothing then', async () => {
    const { twilio, channel, events } = await setUp();
    await twilio.stop();
    await channel.start(events);
    expect(channel.health()).toMatchObject({ state: 'down', detail: 'unreachable' });
    expect(await channel.send(send)).toEqual({ kind: 'retry', afterMs: 40, reason: 'unreachable' });
    expect(await channel.find('a-1')).toEqual({ kind: 'silent' });
  });

  it('keeps a message that meets a closed door, and says that nothing left', async () => {
    const { twilio, channel } = await started();
    await twilio.stop();
    expect(await channel.send(send)).toEqual({ kind: 'retry', afterMs: 40, reason: 'unreachable' });
    expect(channel.health()).toMatchObject({ state: 'down', detail: 'unreachable' });
  });

  it('resolves its stop when nothing is in flight, and starts again', async () => {
    const { twilio, channel, events } = await started();
    twilio.post({ delayMs: 100 });
    const sending = channel.send(send);
    await until(() => twilio.requests.includes('POST Messages'));
    await channel.stop();
    expect(await sending).toMatchObject({ kind: 'sent' });
    expect(channel.health().state).toBe('off');
    await channel.start(events);
    expect(await channel.send({ ...send, attemptId: 'a-2' })).toMatchObject({ kind: 'sent' });
  });
});
