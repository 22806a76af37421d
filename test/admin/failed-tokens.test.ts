import { describe, expect, it } from '@jest/globals';
import { openAdminServer } from '../support/admin-server.ts';

const { server, clock } = await openAdminServer();

const ask = (authorization: string, remoteAddress = '203.0.113.7', headers: Record<string, string> = {}) =>
  server.inject({ url: '/api/v1/branches', remoteAddress, headers: { authorization, ...headers } });

describe('Wrong tokens', () => {
  it('are let through twenty times a minute, then told to wait', async () => {
    const statuses = new Set<number>();
    for (let i = 0; i < 20; i += 1) statuses.add((await ask('Bearer wrong')).statusCode);
    const tooMany = await ask('Bearer wrong');
    expect([[...statuses], tooMany.statusCode, tooMany.headers['retry-after']]).toEqual([[401], 429, '60']);
    expect(JSON.parse(tooMany.payload)).toEqual({
      statusCode: 429,
      error: 'Too Many Requests',
      message: 'Too many wrong tokens.',
      code: 'tooManyRequests',
      details: { retryAfterSeconds: 60 },
    });
  });

  it('are counted by the connection’s own address, whatever X-Forwarded-For says', async () => {
    const spoofed = await ask('Bearer wrong', '203.0.113.7', { 'x-forwarded-for': '198.51.100.9' });
    const other = await ask('Bearer wrong', '198.51.100.9');
    expect([spoofed.statusCode, other.statusCode]).toEqual([429, 401]);
  });

  it('never shut out the right one', async () => {
    expect((await ask('Bearer demo')).statusCode).toBe(200);
  });

  it('are forgotten after a minute', async () => {
    clock.advance(60_000);
    expect((await ask('Bearer wrong')).statusCode).toBe(401);
  });
});
