import { describe, expect, it } from '@jest/globals';
import { buildHealth } from '../support/admin-ports.ts';
import { openAdminServer } from '../support/admin-server.ts';

const { server, call, ports, log } = await openAdminServer();

const OPEN = new Set(['/healthz', '/readyz', '/metrics', '/', '/docs', '/api/v1/openapi.json']);
const guarded = server
  .table()
  .map(({ method, path }) => ({ method: method.toUpperCase(), path }))
  // The platforms' own signatures guard /hooks.
  .filter(({ path }) => !OPEN.has(path) && !path.startsWith('/docs/ui/') && !path.startsWith('/hooks/'));

describe('The doors', () => {
  it('lists the routes of the contract', () => {
    expect(guarded.length).toBeGreaterThan(60);
  });

  it.each(guarded)('refuses $method $path without a token', async ({ method, path }) => {
    const { statusCode, payload } = await server.inject({ method, url: path.replace(/\{[^}]+\}/g, 'x') });
    expect([statusCode, JSON.parse(payload)]).toEqual([
      401,
      { statusCode: 401, error: 'Unauthorized', message: 'A bearer token is needed.', code: 'unauthorized' },
    ]);
  });

  it.each([...OPEN])('opens %s to everybody', async (url) => {
    const { statusCode } = await server.inject({ url });
    expect(statusCode).toBe(200);
  });

  it('refuses a wrong token, another scheme, an empty one and one in the URL', async () => {
    const ask = async (url: string, authorization?: string) =>
      (await server.inject({ url, ...(authorization !== undefined && { headers: { authorization } }) })).statusCode;
    expect([
      await ask('/api/v1/branches', 'Bearer demo2'),
      await ask('/api/v1/branches', 'Basic demo'),
      await ask('/api/v1/branches', 'Bearer '),
      await ask('/api/v1/branches', ''),
      await ask('/api/v1/branches?token=demo'),
      await ask('/api/v1/branches?access_token=demo'),
    ]).toEqual([401, 401, 401, 401, 401, 401]);
  });

  it('says that it is not ready, and why, how late the event loop was, and how the channels are', async () => {
    ports.ready = async () => ({ ready: false, reasons: ['database'], eventLoopLagMs: 10_000 });
    const channels = { whatsapp: 'up', telegram: 'down', sms: 'up', email: 'up', voice: 'up' };
    ports.health = () => ({ ...buildHealth(), telegram: { state: 'down', since: new Date('2026-11-23T05:00:00Z') } });
    const answer = await server.inject({ url: '/readyz' });
    ports.ready = async () => ({ ready: true, reasons: [], eventLoopLagMs: 12 });
    const again = await server.inject({ url: '/readyz' });
    expect([answer.statusCode, answer.headers['retry-after'], JSON.parse(answer.payload)]).toEqual([
      503,
      '5',
      {
        statusCode: 503,
        error: 'Service Unavailable',
        message: 'The service is not ready.',
        code: 'notReady',
        details: { reasons: ['database'], eventLoopLagMs: 10_000, channels },
      },
    ]);
    expect([again.statusCode, JSON.parse(again.payload)]).toEqual([
      200,
      { status: 'ready', eventLoopLagMs: 12, channels },
    ]);
  });

  it('answers an unknown path, and a known one with another method, as 404 in the same form', async () => {
    const unknown = await call('GET', '/nowhere');
    const method = await call('DELETE', '/branches/hill');
    const options = await call('OPTIONS', '/branches');
    const trace = await call('TRACE', '/branches');
    expect([unknown, method, options, trace].map(({ status, json }) => [status, json['code']])).toEqual([
      [404, 'notFound'],
      [404, 'notFound'],
      [404, 'notFound'],
      [404, 'notFound'],
    ]);
  });

  it('ignores a header that asks for another method', async () => {
    const answer = await call('GET', '/branches', undefined, { 'x-http-method-override': 'DELETE' });
    expect(answer.status).toBe(200);
  });

  it('answers HEAD as GET without a body', async () => {
    const answer = await call('HEAD', '/branches');
    expect([answer.status, answer.text]).toEqual([200, '']);
  });

  it('shows a fault of its own as an id only, and logs it once under that id', async () => {
    ports.cards.overview = async () => {
      throw new Error('patient +995555123456 broke it');
    };
    const answer = await call('GET', '/overview');
    const { id } = answer.json['details'] as { id: string };
    expect([answer.status, answer.json['code'], answer.text.includes('5123456')]).toEqual([500, 'internal', false]);
    expect(log.lines.filter(({ fields }) => fields?.['id'] === id).map(({ event }) => event)).toEqual(['http.failed']);
  });
});
