import { connect, type Socket } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createTelegramHook } from '../../src/bots/telegram/hook.ts';
import { createTwilioHook } from '../../src/bots/twilio/hook.ts';
import type { Hook, HookName } from '../../src/core/hook.ts';
import { cloudBench } from '../support/cloud-bench.ts';
import { startHookServer } from '../support/hook-server.ts';
import { openTestStores } from '../support/stores.ts';
import { until } from '../support/until.ts';

const { stores } = await openTestStores();
const meta = await cloudBench(stores);
const doors = await startHookServer(
  new Map<HookName, Hook>([
    ['telegram', createTelegramHook('a-secret-word-of-telegram', () => async () => undefined)],
    ['twilio', createTwilioHook({ authToken: 'a-token-of-twilio', publicUrl: 'https://clinic.example' }, [])],
    ['whatsapp', meta.hook],
  ]),
);
afterAll(() => doors.stop());

/** Sends the head of a call that promises a body, and no body; gives the first line of the answer; rejects when none comes within a second. */
function knock(path: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const { hostname, port } = new URL(doors.origin);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer while the body is awaited')));
    socket.on('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(String(data).split('\r\n')[0] ?? '');
    });
    const lines = Object.entries({ host: 'x', 'content-length': '3000000', ...headers }).map((pair) => pair.join(': '));
    socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  });
}

/** Sends a body but for its last byte, and stays. */
function linger(bytes: number): Promise<Socket> {
  const { hostname, port } = new URL(doors.origin);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  const head = `POST /hooks/whatsapp HTTP/1.1\r\nhost: x\r\nx-hub-signature-256: sha256=${'0'.repeat(64)}\r\n`;
  return new Promise((resolve) => {
    socket.write(`${head}content-length: ${String(bytes)}\r\n\r\n${'a'.repeat(bytes - 1)}`, () => resolve(socket));
  });
}

describe('The door of a platform', () => {
  it('holds 64 MB of bodies that nobody has signed, and no more, however many senders stay', async () => {
    const headers = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` };
    const knocked = () =>
      fetch(`${doors.origin}/hooks/whatsapp`, { method: 'POST', headers, body: 'a'.repeat(1_000_000) });
    const others: Socket[] = [];
    for (let i = 0; i < 21; i++) others.push(await linger(3_145_728));
    others.push(await linger(1_000_000));
    await until(async () => (await knocked()).status === 503, { what: 'the refusal' });
    for (const socket of others) socket.destroy();
    await until(async () => (await knocked()).status === 401, { what: 'room' });
  });

  it.each([
    ['/hooks/telegram', {}],
    ['/hooks/telegram', { 'x-telegram-bot-api-secret-token': 'a-wrong-word-of-telegram_' }],
    ['/hooks/whatsapp', {}],
    ['/hooks/whatsapp', { 'x-hub-signature-256': 'sha256=0' }],
    ['/hooks/twilio', {}],
    ['/hooks/twilio', { 'x-twilio-signature': 'short' }],
  ])('%s does not wait for a body where the headers %j are none of the platform’s', async (path, headers) => {
    expect(await knock(path, headers)).toBe('HTTP/1.1 401 Unauthorized');
  });

  it.each([
    ['/hooks/whatsapp', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }, 3_145_728, 401],
    ['/hooks/whatsapp', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }, 3_145_729, 413],
    ['/hooks/twilio', { 'x-twilio-signature': `${'a'.repeat(27)}=` }, 65_536, 401],
    ['/hooks/twilio', { 'x-twilio-signature': `${'a'.repeat(27)}=` }, 65_537, 413],
  ])(
    '%s reads a body under a forged signature of the right form, %j, up to its limit: %i bytes are %i',
    async (path, headers, length, status) => {
      const answer = await fetch(`${doors.origin}${path}`, { method: 'POST', headers, body: 'a'.repeat(length) });
      expect(answer.status).toBe(status);
    },
  );
});
