import { describe, expect, it } from '@jest/globals';
import { createInbound } from '../../src/bots/inbound.ts';
import { messageKey } from '../../src/bots/whatsapp-cloud/message-key.ts';
import { wallClock } from '../../src/system.ts';
import { openAdminServer } from '../support/admin-server.ts';
import { cloudBench } from '../support/cloud-bench.ts';
import { metaSignature } from '../support/cloud-webhooks.ts';
import { countedMetrics } from '../support/counted-metrics.ts';
import { openTestStores } from '../support/stores.ts';
import { until } from '../support/until.ts';

const { stores } = await openTestStores();
const service = await openAdminServer({ part: 'service' });
const ACCOUNT = '102290129340398';
const PHONE_ID = '106540352242922';

type Json = Readonly<Record<string, unknown>>;

const message = (change: Json = {}): Json => ({
  from: '995555123456',
  id: 'wamid.HBgLOTk1NTU1MTIzNDU2FQIAEhg',
  timestamp: '1772442000',
  type: 'text',
  text: { body: 'Приду 👍🏽' },
  ...change,
});
const contact = { profile: { name: 'Sheena Nelson' }, wa_id: '995555123456' };
const value = (change: Json = {}): Json => ({
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: '15550783881', phone_number_id: PHONE_ID },
  contacts: [contact],
  messages: [message()],
  ...change,
});
const webhook = (...values: readonly unknown[]): string =>
  JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: ACCOUNT, changes: values.map((one) => ({ value: one, field: 'messages' })) }],
  });

async function openHook() {
  const bench = await cloudBench(stores);
  await bench.start();
  const secret = bench.server.settings.appSecret;
  const call = async (body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await fetch(bench.hookUrl, { method: 'POST', body, headers });
    return { status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') };
  };
  const signed = (body: string) => call(body, { 'x-hub-signature-256': metaSignature(body, secret) });
  const counts = () =>
    bench.log.lines.filter(({ event }) => event === 'whatsapp.ignored').map(({ fields }) => fields?.['counts']);
  return { ...bench, secret, call, signed, counts };
}

describe('The handshake of Meta’s webhook', () => {
  const shake = async (query: string) => {
    const { hookUrl } = await openHook();
    const answer = await fetch(`${hookUrl}?${query}`);
    return [answer.status, answer.headers.get('content-type'), await answer.text()];
  };
  const word = 'hub.verify_token=verify-token-of-the-tests';

  it('gives the challenge back as plain text, markup too', async () => {
    expect(await shake(`hub.mode=subscribe&hub.challenge=1158201444&${word}`)).toEqual([
      200,
      'text/plain; charset=utf-8',
      '1158201444',
    ]);
    const script = encodeURIComponent('<script>alert(1)</script>');
    expect(await shake(`hub.mode=subscribe&hub.challenge=${script}&${word}`)).toEqual([
      200,
      'text/plain; charset=utf-8',
      '<script>alert(1)</script>',
    ]);
  });

  it.each([
    ['a wrong token', 'hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess', 403],
    ['the token twice', `hub.mode=subscribe&hub.challenge=1&${word}&${word}`, 400],
    ['the challenge twice', `hub.mode=subscribe&hub.challenge=1&hub.challenge=2&${word}`, 400],
    ['no token', 'hub.mode=subscribe&hub.challenge=1', 400],
    ['no challenge', `hub.mode=subscribe&${word}`, 400],
    ['another mode', `hub.mode=unsubscribe&hub.challenge=1&${word}`, 400],
    ['nothing', '', 400],
  ])('answers %s with its status and no challenge', async (_what, query, status) => {
    const [answered, , text] = await shake(query);
    expect([answered, text]).toEqual([status, '']);
  });
});

describe('A webhook’s signature', () => {
  it('counts over the bytes as they came, emoji and all', async () => {
    const { signed, received } = await openHook();
    expect((await signed(webhook(value()))).status).toBe(200);
    expect(received.map(({ body }) => body)).toEqual([{ kind: 'text', text: 'Приду 👍🏽' }]);
  });

  it('that is missing, short, in capitals, of another kind or wrong is 401; nothing is parsed, and the log has the fact alone', async () => {
    const { call, received, log, secret } = await openHook();
    const body = webhook(value());
    const right = metaSignature(body, secret);
    const forged = [
      undefined,
      '',
      right.slice(0, -1),
      right.toUpperCase(),
      `sha256=${right.slice(7).toUpperCase()}`,
      right.replace('sha256=', 'sha1='),
      `${right.slice(0, -1)}${right.endsWith('0') ? '1' : '0'}`,
      metaSignature(body, 'another secret of the same kind'),
      `sha256=${'é'.repeat(32)}`,
    ];
    const statuses: number[] = [];
    for (const signature of forged)
      statuses.push(
        (await call(body, signature === undefined ? {} : { 'x-hub-signature-256': encodeURI(signature) })).status,
      );
    expect(statuses).toEqual(forged.map(() => 401));
    expect(received).toEqual([]);
    expect(log.lines).toEqual(forged.map(() => ({ level: 'warn', event: 'whatsapp.badSignature', fields: undefined })));
  });

  it('over the same JSON written otherwise does not count', async () => {
    const { call, received, secret } = await openHook();
    const body = webhook(value());
    const again = JSON.stringify(JSON.parse(body), null, 1);
    expect((await call(body, { 'x-hub-signature-256': metaSignature(again, secret) })).status).toBe(401);
    expect(received).toEqual([]);
  });

  it('is looked for before anything else: 2,000 forged bodies of 3 MB cost no second of work', async () => {
    const { hook, log } = await openHook();
    const body = Buffer.alloc(3_000_000, '{"entry":[');
    const headers = { 'x-hub-signature-256': 'sha256=0' };
    const call = { method: 'POST', url: '/hooks/whatsapp', query: {}, headers, body: async () => body } as const;
    const before = process.cpuUsage();
    for (let at = 0; at < 2000; at += 1) expect(await hook(call)).toEqual({ status: 401 });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000_000).toBeLessThan(1);
    expect(log.lines).toHaveLength(2000);
  });

  it('of a body over 3 MB is not looked at: 413', async () => {
    const { hook, secret } = await openHook();
    const { server, ports } = service;
    ports.hooks.set('whatsapp', hook);
    const post = async (payload: string) => {
      const headers = { 'content-type': 'application/json', 'x-hub-signature-256': metaSignature(payload, secret) };
      return (await server.inject({ method: 'POST', url: '/hooks/whatsapp', headers, payload })).statusCode;
    };
    const long = (length: number) => webhook(value({ messages: [message({ text: { body: 'x'.repeat(length) } })] }));
    expect([await post(long(3_145_728)), await post(long(3_000_000))]).toEqual([413, 200]);
  });
});

describe('A signed webhook', () => {
  it.each([
    ['no JSON at all', 'hello', { shape: 1 }],
    ['null', 'null', { shape: 1 }],
    ['a list', '[]', { shape: 1 }],
    ['entry null', '{"entry":null}', { shape: 1 }],
    ['an entry that is null', '{"entry":[null]}', { account: 1 }],
    ['changes that are no list', JSON.stringify({ entry: [{ id: ACCOUNT, changes: 5 }] }), { shape: 1 }],
    [
      'another account',
      JSON.stringify({ entry: [{ id: '0', changes: [{ field: 'messages', value: value() }] }] }),
      { account: 1 },
    ],
    ['another number', webhook(value({ metadata: { phone_number_id: '123456123' } })), { phone: 1 }],
    ['no value', webhook(null), { phone: 1 }],
    ['an empty value', webhook(value({ messages: [], contacts: [] })), { shape: 1 }],
    [
      'another field',
      JSON.stringify({ entry: [{ id: ACCOUNT, changes: [{ field: 'account_alerts', value: {} }] }] }),
      { field: 1 },
    ],
    ['a message that is a number', webhook(value({ messages: [7] })), { shape: 1 }],
    ['a message of an unknown type', webhook(value({ messages: [message({ type: 'hologram' })] })), { messageType: 1 }],
    ['a type that objects have', webhook(value({ messages: [message({ type: 'constructor' })] })), { messageType: 1 }],
    [
      'a message from nobody',
      webhook(value({ contacts: [], messages: [message({ from: undefined })] })),
      { sender: 1 },
    ],
    [
      'a text that is an object',
      webhook(value({ messages: [message({ text: { body: { $ne: 1 } } })] })),
      { messageType: 1 },
    ],
    ['a message of a group', webhook(value({ messages: [message({ group_id: 'Y2FwaV9ncm91c' })] })), { group: 1 }],
    [
      'a reaction that is taken back',
      webhook(value({ messages: [message({ type: 'reaction', reaction: { message_id: 'wamid.1' } })] })),
      { reactionTakenBack: 1 },
    ],
    [
      'an unknown status',
      webhook(value({ messages: [], statuses: [{ id: 'wamid.1', status: 'pondered' }] })),
      { status: 1 },
    ],
    ['a status without an id', webhook(value({ messages: [], statuses: [{ status: 'sent' }] })), { status: 1 }],
    ['an error of Meta’s own', webhook(value({ messages: [], errors: [{ code: 130429 }] })), { error: 1 }],
    [
      'a template without a name',
      JSON.stringify({
        entry: [{ id: ACCOUNT, changes: [{ field: 'message_template_status_update', value: { event: 'APPROVED' } }] }],
      }),
      { shape: 1 },
    ],
  ])('with %s is taken with 200, counted and without effect', async (_what, body, ignored) => {
    const { signed, received, receipts, counts } = await openHook();
    expect(await signed(body)).toMatchObject({ status: 200, text: '' });
    expect([received, receipts]).toEqual([[], []]);
    expect(counts()).toEqual([ignored]);
  });

  it('with 1,000 changes is taken whole, what is known and what is not', async () => {
    const { signed, received, counts } = await openHook();
    const changes = Array.from({ length: 1000 }, (_, at) =>
      at % 2 === 0 ? value({ messages: [message({ id: `wamid.${at}`, text: { body: String(at) } })] }) : null,
    );
    expect((await signed(webhook(...changes))).status).toBe(200);
    expect(received.map(({ body }) => (body.kind === 'text' ? Number(body.text) : -1))).toEqual(
      Array.from({ length: 500 }, (_, at) => at * 2),
    );
    expect(counts()).toEqual([{ phone: 500 }]);
  });

  it.each([
    ['1970', '0', '2026-02-22T09:00:00.000Z'],
    ['2099', '4070908800', '2026-03-02T09:00:00.000Z'],
    ['no time', undefined, '2026-03-02T09:00:00.000Z'],
    ['words', 'yesterday', '2026-03-02T09:00:00.000Z'],
  ])('of %s has a time that can be', async (_what, timestamp, at) => {
    const { signed, received, receipts } = await openHook();
    const status = { id: 'wamid.9', status: 'delivered', timestamp, recipient_id: '995555123456' };
    await signed(webhook(value({ messages: [message({ timestamp })], statuses: [status] })));
    expect([received[0]?.at.toISOString(), receipts[0]?.at.toISOString()]).toEqual([at, at]);
  });

  it('of an hour ago has happened an hour ago by our clock, also where that is moved', async () => {
    const { signed, received, clock } = await openHook();
    clock.set('2027-01-01T12:00:00Z');
    const timestamp = String(Math.floor(wallClock.nowMs() / 1000) - 3600);
    await signed(webhook(value({ messages: [message({ timestamp })] })));
    expect(received[0]?.at.toISOString()).toMatch(/^2027-01-01T10:59:5\d|^2027-01-01T11:00:00/);
  });

  it('is answered only when all of it is stored; if one thing is not, Meta is asked to come again', async () => {
    const { signed, events, received } = await openHook();
    const { received: keep } = events;
    events.received = async (one) => {
      if (one.body.kind === 'text' && one.body.text === 'second') throw new Error('The store is away.');
      await keep(one);
    };
    const body = webhook(
      value({
        messages: [
          message({ id: 'w1' }),
          message({ id: 'w2', text: { body: 'second' } }),
          message({ id: 'w3', from: '995555000000' }),
        ],
      }),
    );
    expect((await signed(body)).status).toBe(500);
    expect(received.map(({ id }) => id)).toEqual(['w1', 'w3'].map(messageKey));
    events.received = keep;
    expect((await signed(body)).status).toBe(200);
  });

  it('that comes while we are down is told again until we are there', async () => {
    const { channel, server, events, received, phone } = await openHook();
    await channel.stop();
    const id = server.say(phone, 'yes');
    await until(() => server.webhooks.answers.includes(500));
    expect(received).toEqual([]);
    await channel.start(events);
    await server.webhooks.idle();
    expect(received.map((one) => one.id)).toEqual([messageKey(id)]);
  });

  it('that comes ten times at once, and again two days later, has one effect and is 200 each time', async () => {
    const { server, events, phone, clock, log } = await openHook();
    const handled: string[] = [];
    const inbound = createInbound({
      inbound: stores.inbound,
      spool: null,
      handle: async (one) => void handled.push(one.id),
      clock,
      pause: async () => undefined,
      log,
      metrics: countedMetrics(),
    });
    events.received = inbound.received;
    server.webhooks.copies(10);
    const id = server.say(phone, '5');
    await server.webhooks.idle();
    clock.advance(2 * 86_400_000);
    server.webhooks.repeatLast();
    await server.webhooks.idle();
    await inbound.allIdle();
    expect(server.webhooks.answers).toEqual(Array.from({ length: 20 }, () => 200));
    expect(handled).toEqual([messageKey(id)]);
  });
});
