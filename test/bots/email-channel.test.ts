import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createEmail } from '../../src/bots/email/channel.ts';
import type { MailSettings } from '../../src/core/channel-settings.ts';
import { channelContract } from '../contracts/channel.ts';
import { channelParts } from '../support/channel-parts.ts';
import { type MailServer, type MailStep, startMailServer } from '../support/mail-server.ts';
import { outgoing } from '../support/outgoing.ts';
import { sentence } from '../support/sentence.ts';
import { openTestStores } from '../support/stores.ts';
import { until } from '../support/until.ts';

const { stores } = await openTestStores();
const JANE = 'jane@example.com';
const TIMES = { silenceMs: 300, timeoutMs: 600, checkMs: 40 };
const ends: (() => Promise<void>)[] = [];

async function setUp(change: (server: MailServer) => Partial<MailSettings> = () => ({})) {
  const server = await startMailServer();
  const parts = channelParts(stores);
  const settings = { smtpUrl: server.url, from: 'Clinic <book@clinic.example>', publicUrl: null, ...change(server) };
  const deps = { ...parts.deps, sentence, secret: 'owner-token-of-the-tests' };
  const { channel } = createEmail(settings, deps, TIMES);
  ends.push(() => channel.stop(), server.stop);
  return { server, channel, ...parts };
}

async function started(change?: (server: MailServer) => Partial<MailSettings>) {
  const under = await setUp(change);
  await under.channel.start(under.events);
  return under;
}

const end = async (): Promise<void> => {
  for (const stop of ends.splice(0)) await stop();
};
beforeEach(end);
afterAll(end);

const mail = outgoing({ to: JANE });

channelContract({
  name: 'E-mail',
  create: async () => {
    const { server, channel } = await setUp();
    server.without('gone@example.com');
    return {
      channel,
      reachable: JANE,
      unreachable: 'gone@example.com',
      arrived: async (to) => server.arrived.filter((one) => one.to === to).map(({ words }) => words),
      fallSilent: async () => server.always('hangAfterData'),
      limit: async () => server.always({ at: 'MAIL', code: 421, text: '4.7.0 Too many connections, slow down.' }),
    };
  },
});

describe('A mail', () => {
  it('that is accepted has the message’s own Message-ID as its id', async () => {
    const { server, channel } = await started();
    expect(await channel.send(mail)).toEqual({ kind: 'sent', providerId: '<m-1@zabota.clinic.example>' });
    expect(server.arrived.map(({ headers }) => headers['message-id'])).toEqual(['<m-1@zabota.clinic.example>']);
  });

  it.each<[string, MailStep, object]>([
    [
      'no such mailbox',
      { at: 'RCPT', code: 550, text: '5.1.1 No such user' },
      { kind: 'refused', reason: 'noSuchMailbox', closes: true },
    ],
    [
      'a bare 550',
      { at: 'RCPT', code: 550, text: 'User unknown' },
      { kind: 'refused', reason: 'noSuchMailbox', closes: true },
    ],
    ['a policy', { at: 'RCPT', code: 550, text: '5.7.1 Blocked' }, { kind: 'refused', reason: 'smtp.550' }],
    ['a full box', { at: 'RCPT', code: 552, text: '5.2.2 Full' }, { kind: 'refused', reason: 'smtp.552' }],
    [
      'our own address',
      { at: 'MAIL', code: 553, text: '5.7.1 Not yours' },
      { kind: 'refused', reason: 'senderRefused' },
    ],
    ['its content', { at: 'DATA', code: 554, text: '5.6.0 Looks like spam' }, { kind: 'refused', reason: 'smtp.554' }],
  ])(
    'that is refused for %s is refused for good, the address closed only where it is dead (F31)',
    async (_why, step, answer) => {
      const { server, channel } = await started();
      server.script(step);
      expect(await channel.send(mail)).toEqual(answer);
      expect(server.arrived).toEqual([]);
      expect(channel.health().state).toBe('up');
      expect(await channel.send({ ...mail, attemptId: 'a-2', messageId: 'm-2' })).toMatchObject({ kind: 'sent' });
    },
  );

  it.each<[MailStep, string]>([
    [{ at: 'RCPT', code: 450, text: '4.2.0 Greylisted' }, 'smtp.450'],
    [{ at: 'MAIL', code: 451 }, 'smtp.451'],
    [{ at: 'DATA', code: 452, text: '4.3.1 Insufficient storage' }, 'smtp.452'],
  ])('that is put off (%j) waits by itself for five minutes, while others go on', async (step, reason) => {
    const { server, channel } = await started();
    server.script(step);
    expect(await channel.send(mail)).toEqual({ kind: 'retry', afterMs: 300_000, reason, only: 'message' });
    expect(await channel.send({ ...mail, attemptId: 'a-2', messageId: 'm-2' })).toMatchObject({ kind: 'sent' });
  });

  it.each<MailStep>(['cutInData', 'cutAfterData', 'hangAfterData'])(
    'whose answer is lost (%s) is unknown, is not made again by itself, and its repeat has the same Message-ID',
    async (step) => {
      const { server, channel } = await started();
      server.script(step);
      expect(await channel.send(mail)).toEqual({ kind: 'unknown', askAfterMs: 30_000 });
      expect(server.seen.mails).toBe(1);
      expect(await channel.find('a-1')).toEqual({ kind: 'silent' });
      expect(await channel.send({ ...mail, attemptId: 'a-2' })).toMatchObject({ kind: 'sent' });
      expect([...new Set(server.arrived.map(({ headers }) => headers['message-id']))]).toEqual([
        '<m-1@zabota.clinic.example>',
      ]);
      expect(server.arrived).toHaveLength(step === 'cutInData' ? 1 : 2);
    },
  );

  it('whose connection breaks before the mail itself has sent nothing', async () => {
    const { server, channel } = await started();
    server.always('cutAtMail');
    expect(await channel.send(mail)).toEqual({ kind: 'retry', afterMs: 40, reason: 'unreachable' });
    expect(channel.health().state).toBe('down');
    server.always(null);
    await until(() => channel.health().state === 'up', { what: 'the server being back' });
    expect(await channel.send(mail)).toMatchObject({ kind: 'sent' });
    expect(server.arrived).toHaveLength(1);
  });

  it('goes over a fresh connection when the server has closed the old one meanwhile', async () => {
    const { server, channel } = await started();
    await channel.send(mail);
    server.dropConnections();
    expect(await channel.send({ ...mail, attemptId: 'a-2', messageId: 'm-2' })).toMatchObject({ kind: 'sent' });
    expect(server.arrived).toHaveLength(2);
  });

  it('waits for a slow server', async () => {
    const { server, channel } = await started();
    server.script('slowAfterData');
    expect(await channel.send(mail)).toMatchObject({ kind: 'sent' });
  });

  it('to an address with a line end in it goes to nobody', async () => {
    const { server, channel } = await started();
    const to = 'jane@example.com\r\nRCPT TO:<other@example.com>';
    expect(await channel.send({ ...mail, to })).toMatchObject({ kind: 'refused' });
    expect(server.arrived).toEqual([]);
  });
});

describe('The e-mail channel', () => {
  it('pauses when the password is no longer good, says it once and does not try on its own (F33)', async () => {
    const { server, channel, log, events } = await started();
    server.password = 'changed';
    expect(await channel.send(mail)).toEqual({ kind: 'retry', afterMs: 600_000, reason: 'unauthorized' });
    expect(channel.health()).toMatchObject({ state: 'down', detail: 'unauthorized' });
    const { logins } = server.seen;
    expect(await channel.send(mail)).toEqual({ kind: 'retry', afterMs: 600_000, reason: 'unauthorized' });
    await new Promise((resolve) => {
      AbortSignal.timeout(150).addEventListener('abort', resolve);
    });
    expect(server.seen.logins).toBe(logins);
    expect(log.lines.filter(({ event }) => event === 'channel.down')).toHaveLength(1);
    server.password = 'pass:w@rd/1';
    await channel.start(events);
    expect(await channel.send(mail)).toMatchObject({ kind: 'sent' });
  });

  it('goes on by itself after a passing failure of the login', async () => {
    const { server, channel } = await started();
    server.password = null;
    expect(await channel.send(mail)).toMatchObject({ kind: 'retry', afterMs: 40 });
    server.password = 'pass:w@rd/1';
    await until(() => channel.health().state === 'up', { what: 'the login being possible' });
    expect(await channel.send(mail)).toMatchObject({ kind: 'sent' });
  });

  it('is down while nobody answers, has sent nothing then, and is up by itself when the server is there', async () => {
    const { server, channel, events } = await setUp();
    await server.stop();
    await channel.start(events);
    expect(channel.health()).toMatchObject({ state: 'down', detail: 'unreachable' });
    expect(await channel.send(mail)).toEqual({ kind: 'retry', afterMs: 40, reason: 'unreachable' });
    const again = await startMailServer(server.port);
    ends.push(again.stop);
    await until(() => channel.health().state === 'up', { what: 'the server being found' });
    expect(await channel.send(mail)).toMatchObject({ kind: 'sent' });
    expect(again.arrived).toHaveLength(1);
  });

  it('gives neither password nor mail to a server that knows no TLS, unless it is this machine or told to', async () => {
    const elsewhere = (server: MailServer) => ({ smtpUrl: server.url.replace('127.0.0.1', '0.0.0.0') });
    const { server, channel } = await started(elsewhere);
    expect(channel.health().state).toBe('down');
    expect(await channel.send(mail)).toMatchObject({ kind: 'retry' });
    expect([server.seen.logins, server.seen.mails]).toEqual([0, 0]);
    const told = await started((one) => ({ smtpUrl: `${elsewhere(one).smtpUrl}/?requireTLS=false` }));
    expect(await told.channel.send(mail)).toMatchObject({ kind: 'sent' });
  });

  it('resolves its stop when nothing is in flight', async () => {
    const { server, channel } = await started();
    server.script('slowAfterData');
    const sending = channel.send(mail);
    await until(() => server.seen.mails === 1);
    await channel.stop();
    expect(server.arrived).toHaveLength(1);
    expect(await sending).toMatchObject({ kind: 'sent' });
    expect(await channel.send(mail)).toMatchObject({ kind: 'retry' });
  });

  it('leaves no address, no words and no password in the log', async () => {
    const { server, channel, log } = await started();
    for (const step of ['cutAfterData', { at: 'RCPT', code: 550, text: `<${JANE}> unknown` }, 'cutAtMail'] as const) {
      server.script(step);
      await channel.send(mail);
    }
    const written = JSON.stringify(log.lines);
    expect(written).not.toMatch(/jane|See you|pass/);
  });
});
