import { beforeEach, describe, expect, it } from '@jest/globals';
import type { HookRequest } from '../../src/core/hook.ts';
import { openAdminServer } from '../support/admin-server.ts';

const { server, ports } = await openAdminServer();
let calls: (HookRequest & { readonly bytes: Uint8Array })[] = [];

beforeEach(() => {
  calls = [];
  ports.hooks.set('whatsapp', async (request) => {
    calls.push({ ...request, bytes: await request.body() });
    return { status: request.headers['x-signed'] === 'yes' ? 200 : 401, body: 'seen' };
  });
});

describe('A hook', () => {
  it('gets the bytes as they came, without a token of ours, whatever type they claim to be', async () => {
    const payload = Buffer.from('{"a":1,\n "b":"\u00e9"}');
    const answer = await server.inject({
      method: 'POST',
      url: '/hooks/whatsapp?x=1&x=2&y=%20',
      headers: { 'x-signed': 'yes', 'content-type': 'text/xml' },
      payload,
    });
    expect([answer.statusCode, answer.payload, answer.headers['content-type']]).toEqual([
      200,
      'seen',
      'text/plain; charset=utf-8',
    ]);
    expect(calls).toMatchObject([
      { method: 'POST', url: '/hooks/whatsapp?x=1&x=2&y=%20', query: { x: ['1', '2'], y: ' ' } },
    ]);
    expect(Buffer.from(calls[0]?.bytes ?? []).equals(payload)).toBe(true);
  });

  it('answers a GET, for the handshake', async () => {
    const answer = await server.inject({ method: 'GET', url: '/hooks/whatsapp?hub.mode=subscribe' });
    expect(answer.statusCode).toBe(401);
    expect(calls[0]).toMatchObject({ method: 'GET', query: { 'hub.mode': 'subscribe' } });
  });

  it('refuses what is larger than any platform sends, unread', async () => {
    const answer = await server.inject({
      method: 'POST',
      url: '/hooks/whatsapp',
      payload: Buffer.alloc(3_145_729, 'x'),
    });
    expect([answer.statusCode, calls]).toEqual([413, []]);
  });

  it('of a channel that is not set up is not there', async () => {
    expect((await server.inject({ method: 'POST', url: '/hooks/twilio', payload: 'x' })).statusCode).toBe(404);
    expect((await server.inject({ method: 'POST', url: '/hooks/pigeon', payload: 'x' })).statusCode).toBe(404);
  });

  it('that could store nothing answers so that the platform comes again', async () => {
    ports.hooks.set('whatsapp', async () => {
      throw new Error('no store');
    });
    expect((await server.inject({ method: 'POST', url: '/hooks/whatsapp', payload: 'x' })).statusCode).toBe(500);
  });
});
