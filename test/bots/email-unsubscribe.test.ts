import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createEmail } from '../../src/bots/email/channel.ts';
import { createUnsubscribeTokens } from '../../src/bots/email/unsubscribe-token.ts';
import { channelParts } from '../support/channel-parts.ts';
import { startHookServer } from '../support/hook-server.ts';
import { startMailServer } from '../support/mail-server.ts';
import { outgoing } from '../support/outgoing.ts';
import { sentence } from '../support/sentence.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const SECRET = 'owner-token-of-the-tests';
const ends: (() => Promise<void>)[] = [];

async function setUp() {
  const server = await startMailServer();
  const parts = channelParts(stores);
  const settings = { smtpUrl: server.url, from: 'book@clinic.example', publicUrl: 'https://clinic.example' };
  const { channel, hook } = createEmail(settings, { ...parts.deps, sentence, secret: SECRET });
  if (hook === null) throw new Error('With a public address there is a hook.');
  const door = await startHookServer(new Map([['email', hook]]));
  ends.push(() => channel.stop(), door.stop, server.stop);
  const started = () => channel.start(parts.events);
  /** The link of the newest mail, as the patient's program calls it. */
  const link = async (locale: 'en' | 'it' = 'en'): Promise<string> => {
    const text = { key: 'scenarios.details.text', locale, text: 'See you', choices: [] };
    await channel.send(outgoing({ to: 'Jane.O’Hara@example.com', text }));
    const header = server.arrived.at(-1)?.headers['list-unsubscribe'] ?? '';
    return (/<https:\/\/clinic\.example([^>]+)>/.exec(header)?.[1] ?? '').replace(/^/, door.origin);
  };
  return { ...parts, server, channel, door, started, link };
}

const end = async (): Promise<void> => {
  for (const stop of ends.splice(0)) await stop();
};
beforeEach(end);
afterAll(end);

const click = (link: string): Promise<Response> =>
  fetch(link, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });

describe('The link to unsubscribe', () => {
  it('says STOP for that mailbox at one click of the mail program and by the page’s button, at any time', async () => {
    const { started, link, received, clock } = await setUp();
    await started();
    const url = await link();
    expect((await click(url)).status).toBe(200);
    expect((await fetch(url, { method: 'POST' })).status).toBe(200);
    clock.advance(86_400_000);
    await click(url);
    expect(received.map(({ from, at, body }) => ({ from, at, body }))).toEqual(
      ['2026-03-02T09:00:00Z', '2026-03-02T09:00:00Z', '2026-03-03T09:00:00Z'].map((at) => ({
        from: { channel: 'email', address: 'Jane.O’Hara@example.com' },
        at: new Date(at),
        body: { kind: 'text', text: 'stop' },
      })),
    );
    const ids = received.map(({ id }) => id);
    // A STOP after a START of the same day is no repeat of the one before.
    expect(new Set(ids).size).toBe(3);
    expect(ids.every((id) => /^unsubscribe:[\w-]+$/.test(id))).toBe(true);
  });

  it('opened by a person, a preview or a scanner only asks, in the language of the mail', async () => {
    const { started, link, received } = await setUp();
    await started();
    const answer = await fetch(await link('it'));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const page = await answer.text();
    expect(page).toContain('<html lang="it">');
    expect(page).toContain('<p>Non inviare più e-mail a questo indirizzo?</p>');
    expect(page).toContain('<form method="post"><button type="submit">Disiscriviti</button></form>');
    expect(page).not.toContain('example.com');
    expect(received).toEqual([]);
  });

  it('shows no address, neither in the mail’s header nor in a log of addresses called', async () => {
    const { started, link } = await setUp();
    await started();
    const token = new URL(await link()).searchParams.get('u') ?? '';
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toMatch(/jane|example/i);
    expect(await link()).toContain(token);
  });

  it('that we did not make is 401, whatever it is (bad input 30)', async () => {
    const { started, link, received, door } = await setUp();
    await started();
    const url = await link();
    const token = new URL(url).searchParams.get('u') ?? '';
    const other = createUnsubscribeTokens('another-token-of-16').make({ address: 'jane@example.com', locale: 'en' });
    const changed = `${token.slice(0, 20)}${token[20] === 'A' ? 'B' : 'A'}${token.slice(21)}`;
    for (const bad of ['', 'x', token.slice(0, -2), `${token}AA`, changed, other, 'A'.repeat(80), '%00', '<script>'])
      for (const method of ['GET', 'POST'])
        expect((await fetch(`${door.origin}/hooks/email?u=${bad}`, { method })).status).toBe(401);
    expect((await fetch(`${door.origin}/hooks/email`, { method: 'POST' })).status).toBe(401);
    expect((await fetch(`${url}&u=${token}`, { method: 'POST' })).status).toBe(401);
    expect(received).toEqual([]);
  });

  it('while nothing can be stored is to be tried again', async () => {
    const { link, started, channel, events, received } = await setUp();
    await started();
    const url = await link();
    await channel.stop();
    await channel.start({ ...events, received: () => Promise.reject(new Error('the store is away')) });
    expect((await click(url)).status).toBe(500);
    expect(received).toEqual([]);
  });
});
