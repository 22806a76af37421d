import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createInbound } from '../../src/bots/inbound.ts';
import { createSms } from '../../src/bots/sms/channel.ts';
import { createTwilioHook } from '../../src/bots/twilio/hook.ts';
import { isSigned, twilioSignature } from '../../src/bots/twilio/signature.ts';
import { createVoice } from '../../src/bots/voice/channel.ts';
import type { InboundMessage } from '../../src/core/inbound.ts';
import { pause } from '../../src/system.ts';
import { channelParts } from '../support/channel-parts.ts';
import { countedMetrics } from '../support/counted-metrics.ts';
import { startHookServer } from '../support/hook-server.ts';
import { outgoing } from '../support/outgoing.ts';
import { openTestStores } from '../support/stores.ts';
import { callAs, callWithJson, startTwilioServer, type TwilioServer } from '../support/twilio-server.ts';

const { stores } = await openTestStores();
const JANE = '+995555123456';
const AT = new Date('2026-03-02T09:00:00Z');
const ends: (() => Promise<void>)[] = [];

async function setUp() {
  await stores.simulator.reset();
  const twilio = await startTwilioServer();
  const parts = channelParts(stores);
  const sms = createSms(twilio.settings, parts.deps, { timeoutMs: 1_000, checkMs: 1_000 });
  const voice = createVoice(twilio.settings, parts.deps, { timeoutMs: 1_000, checkMs: 1_000 });
  const { authToken, publicUrl } = twilio.settings;
  const hook = createTwilioHook({ authToken, publicUrl: publicUrl ?? '' }, [sms.take, voice.take]);
  const door = await startHookServer(new Map([['twilio', hook]]));
  twilio.door = door.origin;
  ends.push(door.stop, sms.channel.stop, voice.channel.stop, twilio.stop);
  return { twilio, sms: sms.channel, voice: voice.channel, ...parts };
}

async function started() {
  const under = await setUp();
  await under.sms.start(under.events);
  await under.voice.start(under.events);
  return under;
}

const end = async (): Promise<void> => {
  for (const stop of ends.splice(0)) await stop();
};
beforeEach(end);
afterAll(end);

const sent = async ({ twilio, sms }: Awaited<ReturnType<typeof setUp>>) => {
  await sms.send(outgoing({ to: JANE }));
  const record = twilio.messages.at(-1);
  if (record === undefined) throw new Error('A message was sent.');
  return record;
};
const called = async ({ twilio, voice }: Awaited<ReturnType<typeof setUp>>) => {
  await voice.send(outgoing({ to: JANE }));
  const record = twilio.calls.at(-1);
  if (record === undefined) throw new Error('A call was made.');
  return record;
};
const text = (twilio: TwilioServer, sid: string, body: string): Promise<Response> =>
  twilio.write(JANE, { MessageSid: sid, SmsSid: sid, Body: body });
const SID = `SM${'a'.repeat(32)}`;

describe('The signature of Twilio', () => {
  it.each([
    [
      'https://mycompany.com/myapp.php?foo=1&bar=2',
      'Digits=1234&To=%2B18005551212&From=%2B14158675309&Caller=%2B14158675309&CallSid=CA1234567890ABCDE',
      'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
    ],
    [
      'https://mycompany.com/myapp.php?foo=1&bar=2',
      'Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234',
      'IK+Dwps556ElfBT0I3Rgjkr1wJU=',
    ],
  ])('is the published one for %s and %s', (url, form, signature) => {
    expect(twilioSignature('12345', url, new URLSearchParams(form))).toBe(signature);
  });

  it.each([
    ['https://clinic.example', 'https://clinic.example:443'],
    ['http://clinic.example', 'http://clinic.example:80'],
    ['https://clinic.example:8443', 'https://clinic.example'],
    ['https://clinic.example/zabota', 'https://clinic.example/zabota'],
  ])('is over the public address %s, also when Twilio spells it %s', (publicUrl, spelt) => {
    const url = '/hooks/twilio?attempt=a-1';
    const request = { method: 'POST' as const, url, query: { attempt: 'a-1' } };
    const body = Buffer.from('B=2&A=1');
    const of = (address: string) => ({
      'x-twilio-signature': twilioSignature('token', address, [
        ['A', '1'],
        ['B', '2'],
      ]),
    });
    const check = (address: string) =>
      isSigned({ authToken: 'token', publicUrl }, { ...request, headers: of(address) }, body);
    expect([publicUrl, spelt, `${publicUrl}`].map((root) => check(`${root}${url}`))).toEqual([true, true, true]);
    expect(check(`${publicUrl}${url}#rc=5&rp=5xx,ct,rt`)).toBe(true);
    expect(check(`https://elsewhere.example${url}`)).toBe(false);
    expect(check(`${publicUrl}/hooks/twilio`)).toBe(false);
  });
});

describe('What Twilio calls us for', () => {
  it('is answered by an empty document, and a patient’s words come in with their id and number', async () => {
    const { twilio, received } = await started();
    const answer = await text(twilio, SID, ' Да, приду 👍🏽 & +1 ');
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/xml; charset=utf-8',
      '<?xml version="1.0" encoding="UTF-8"?><Response/>',
    ]);
    expect(received).toEqual([
      {
        id: SID,
        from: { channel: 'sms', address: JANE },
        at: AT,
        body: { kind: 'text', text: ' Да, приду 👍🏽 & +1 ' },
      },
    ]);
  });

  it('STOP comes in as the word that it is, so that our own STOP is kept too', async () => {
    const { twilio, received } = await started();
    await twilio.write(JANE, { MessageSid: SID, Body: 'STOP', OptOutType: 'STOP' });
    expect(received.map(({ body }) => body)).toEqual([{ kind: 'text', text: 'STOP' }]);
  });

  it.each([
    ['image/jpeg', 'image'],
    ['audio/amr', 'voice'],
    ['video/3gpp', 'other'],
    ['', 'other'],
  ])('a picture message of %j is media (%s); with words beside it the words count', async (type, media) => {
    const { twilio, received } = await started();
    const picture = { NumMedia: '1', MediaUrl0: 'https://api.twilio.com/x', MediaContentType0: type };
    await twilio.write(JANE, { MessageSid: SID, Body: '', ...picture });
    await twilio.write(JANE, { MessageSid: `MM${'b'.repeat(32)}`, Body: '1', ...picture });
    expect(received.map(({ body }) => body)).toEqual([
      { kind: 'media', media },
      { kind: 'text', text: '1' },
    ]);
  });

  it.each([
    ['queued', undefined, { status: 'sent' }],
    ['sent', undefined, { status: 'sent' }],
    ['delivered', undefined, { status: 'delivered' }],
    ['read', undefined, { status: 'read' }],
    ['undelivered', '30003', { status: 'failed', reason: 'unreachable' }],
    ['undelivered', '30005', { status: 'failed', reason: 'unknownNumber', closes: true }],
    ['undelivered', '30006', { status: 'failed', reason: 'notMobile', closes: true }],
    ['failed', '30007', { status: 'failed', reason: 'filtered' }],
    ['undelivered', '30008', { status: 'failed', reason: 'undelivered' }],
    ['failed', '30999', { status: 'failed', reason: 'code.30999' }],
    ['failed', undefined, { status: 'failed', reason: 'undelivered' }],
  ])('the status %s %s of a message becomes a receipt that names the attempt', async (status, code, expected) => {
    const under = await started();
    const record = await sent(under);
    await under.twilio.callback(record, { MessageStatus: status, ...(code !== undefined && { ErrorCode: code }) });
    expect(under.receipts).toEqual([{ channel: 'sms', providerId: record.sid, attemptId: 'a-1', at: AT, ...expected }]);
  });

  it.each([
    ['completed', { status: 'delivered' }],
    ['no-answer', { status: 'failed', reason: 'noAnswer' }],
    ['busy', { status: 'failed', reason: 'busy' }],
    ['failed', { status: 'failed', reason: 'callFailed' }],
  ])('a call that ended as %s becomes a receipt', async (status, expected) => {
    const under = await started();
    const record = await called(under);
    await under.twilio.callback(record, { CallStatus: status, CallDuration: '12' });
    expect(under.receipts).toEqual([
      { channel: 'voice', providerId: record.sid, attemptId: 'a-1', at: AT, ...expected },
    ]);
  });

  it('a status before our own record of the send carries the attempt, whatever its order (F36)', async () => {
    const under = await started();
    under.twilio.post('cutAfter');
    const record = await sent(under);
    for (const MessageStatus of ['delivered', 'sent', 'queued']) await under.twilio.callback(record, { MessageStatus });
    expect(under.receipts.map(({ attemptId, status }) => `${attemptId} ${status}`)).toEqual([
      'a-1 delivered',
      'a-1 sent',
      'a-1 sent',
    ]);
  });

  it('ten times the same, at once and two days later, is one message and ten times 200 (F35; bad input 34)', async () => {
    const { twilio, sms, voice, events, deps, clock, log } = await setUp();
    const handled: InboundMessage[] = [];
    const inbound = createInbound({
      inbound: stores.inbound,
      spool: null,
      handle: async (message) => void handled.push(message),
      clock,
      pause,
      log,
      metrics: countedMetrics(),
    });
    await sms.start({ ...events, received: inbound.received });
    await voice.start(events);
    const answers = await Promise.all(Array.from({ length: 9 }, () => text(twilio, SID, '1')));
    clock.advance(2 * 86_400_000);
    answers.push(await text(twilio, SID, '1'));
    await inbound.allIdle();
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(handled.map(({ id }) => id)).toEqual([SID]);
    expect(deps.memory).toBe(stores.channelMemory);
  });

  it('while nothing can be stored is answered with a fault, so that Twilio repeats it, and the repeat is taken (F34)', async () => {
    const { twilio, sms, voice, events, received } = await setUp();
    await voice.start(events);
    expect((await text(twilio, SID, '1')).status).toBe(503);
    await sms.start({ ...events, received: () => Promise.reject(new Error('the store is away')) });
    expect((await text(twilio, SID, '1')).status).toBe(500);
    await sms.start(events);
    await sms.stop();
    await sms.start(events);
    expect((await text(twilio, SID, '1')).status).toBe(200);
    expect(received.map(({ id }) => id)).toEqual([SID]);
  });

  it('without a signature, with a short, a wrong or another account’s one is 401, and nothing comes in (bad input 33)', async () => {
    const { twilio, received, receipts } = await started();
    const fields = { MessageSid: SID, From: JANE, Body: '1' };
    const path = '/hooks/twilio';
    const { authToken } = twilio.settings;
    const signed = (token: string, url: string) => twilioSignature(token, url, Object.entries(fields));
    const good = signed(authToken, `https://clinic.example${path}`);
    for (const signature of [
      null,
      '',
      'short',
      good.toLowerCase(),
      `A${good.slice(1)}`,
      'я'.repeat(28),
      signed('another-token', `https://clinic.example${path}`),
      signed(authToken, `http://clinic.example${path}`),
      signed(authToken, `https://elsewhere.example${path}`),
      signed(authToken, `${twilio.door}${path}`),
    ]) {
      const header = signature?.includes('я') === true ? 'A'.repeat(27) : signature;
      const answer = await callAs(twilio.door, path, { fields, signature: header });
      expect([answer.status, await answer.text()]).toEqual([401, '']);
    }
    expect([received, receipts]).toEqual([[], []]);
    expect((await callAs(twilio.door, path, { fields, signature: good })).status).toBe(200);
  });

  it('is verified whatever the order of its fields, with new ones among them, not with one changed (bad input 33)', async () => {
    const { twilio, received } = await started();
    const { authToken } = twilio.settings;
    const url = 'https://clinic.example/hooks/twilio';
    const fields = { MessageSid: SID, From: JANE, Body: '1', ZNewOne: 'x', ANewOne: 'y' };
    const signature = twilioSignature(authToken, url, Object.entries(fields));
    const reversed = Object.fromEntries(Object.entries(fields).toReversed());
    expect((await callAs(twilio.door, '/hooks/twilio', { fields: reversed, signature })).status).toBe(200);
    const changed = { ...fields, Body: '2' };
    expect((await callAs(twilio.door, '/hooks/twilio', { fields: changed, signature })).status).toBe(401);
    const more = { ...fields, Added: 'z' };
    expect((await callAs(twilio.door, '/hooks/twilio', { fields: more, signature })).status).toBe(401);
    expect(received).toHaveLength(1);
  });

  it('a JSON body is verified by its hash in the address (bad input 33)', async () => {
    const { twilio, received } = await started();
    const signed = '{"event":"новое"}';
    expect((await callWithJson(twilio.door, { signed, sent: signed })).status).toBe(200);
    expect((await callWithJson(twilio.door, { signed, sent: '{"event":"other"}' })).status).toBe(401);
    expect(received).toEqual([]);
  });

  it.each([
    ['nothing at all', {}],
    ['an unknown status', { MessageSid: SID, MessageStatus: 'teleported' }],
    ['a status without an id', { MessageStatus: 'delivered' }],
    ['a message without a sender', { MessageSid: SID, Body: '1' }],
    ['a sender that is a name', { MessageSid: SID, From: 'MyBank', Body: '1' }],
    ['a sender of WhatsApp', { MessageSid: SID, From: 'whatsapp:+995555123456', Body: '1' }],
    ['an empty message', { MessageSid: SID, From: JANE, Body: ' ' }],
    ['a call that rings', { CallSid: `CA${'a'.repeat(32)}`, CallStatus: 'ringing' }],
    ['a call without a status', { CallSid: `CA${'a'.repeat(32)}` }],
    ['names of the language', { __proto__: 'x', constructor: 'y', MessageSid: 'toString' }],
  ])('with a right signature and %s is 200 and no more', async (_name, given) => {
    const { twilio, received, receipts } = await started();
    const fields = given as Record<string, string>;
    const signature = twilioSignature(
      twilio.settings.authToken,
      'https://clinic.example/hooks/twilio',
      Object.entries(fields),
    );
    expect((await callAs(twilio.door, '/hooks/twilio', { fields, signature })).status).toBe(200);
    expect([received, receipts]).toEqual([[], []]);
  });

  it('a status of a message that is not ours is told without an attempt', async () => {
    const { twilio, receipts } = await started();
    const record = twilio.list({ To: JANE, StatusCallback: 'https://clinic.example/hooks/twilio' });
    await twilio.callback(record, { MessageStatus: 'delivered' });
    expect(receipts).toEqual([{ channel: 'sms', providerId: record.sid, status: 'delivered', at: AT }]);
  });
});
