import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openAdminServer } from '../support/admin-server.ts';
import { bodies } from '../support/clinic-bodies.ts';

const { server } = await openAdminServer();

beforeAll(() => server.start());
afterAll(() => server.stop());

const HEAD = 'PUT /api/v1/patients/raw HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer demo\r\n';
const JSON_HEAD = `${HEAD}Content-Type: application/json\r\n`;

/** Writes bytes to a connection of its own and reads until the server ends it; the status is 0 where it said nothing. */
function raw(...parts: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((done) => {
    const socket = connect(Number(server.info.port), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (data: string) => {
      text += data;
      if (/\r\n\r\n[\s\S]*\}$/.test(text)) socket.end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      done({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text });
    });
    for (const part of parts) socket.write(part);
  });
}

const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

describe('On a real connection', () => {
  it('takes a body that comes in chunks', async () => {
    const body = JSON.stringify(bodies.patient());
    const answer = await raw(
      `${JSON_HEAD}Transfer-Encoding: chunked\r\n\r\n`,
      chunk(body.slice(0, 9)),
      chunk(body.slice(9)),
      '0\r\n\r\n',
    );
    expect(answer.status).toBe(201);
  });

  it('stops reading chunks beyond 1 MiB', async () => {
    const part = chunk(' '.repeat(262_144));
    const answer = await raw(
      `${JSON_HEAD}Transfer-Encoding: chunked\r\n\r\n`,
      part,
      part,
      part,
      part,
      part,
      '0\r\n\r\n',
    );
    expect([answer.status, answer.text.includes('"code":"tooLarge"')]).toEqual([413, true]);
  });

  it('refuses a length over 1 MiB before a byte of it came', async () => {
    const answer = await raw(`${JSON_HEAD}Content-Length: 2000000\r\n\r\n`, '{');
    expect(answer.status).toBe(413);
  });

  it('reads no further than the length that was said', async () => {
    const answer = await raw(`${JSON_HEAD}Content-Length: 2\r\n\r\n`, `{}${' '.repeat(100)}`);
    expect(answer.status).toBe(400);
  });

  it.each([
    ['both a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'],
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n'],
    ['a length that is no number', 'Content-Length: five\r\n'],
  ])('refuses %s', async (_name, headers) => {
    expect((await raw(`${JSON_HEAD}${headers}\r\n`, '0\r\n\r\n')).status).toBe(400);
  });

  it('refuses headers of 64 KiB', async () => {
    expect((await raw(`${HEAD}X-Long: ${'x'.repeat(65_536)}\r\n\r\n`)).status).toBe(400);
  });

  it('does not wait for ever for headers', () => {
    const { headersTimeout, requestTimeout } = server.listener as { headersTimeout?: number; requestTimeout?: number };
    expect([headersTimeout, requestTimeout]).toEqual([15_000, 1_800_000]);
  });

  it('answers a batch that is sent whole before anything is read', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `{"type":"x","key":"k${index}"}\n`).join('');
    const answer = await fetch(`${server.info.uri}/api/v1/batch`, {
      method: 'POST',
      headers: { authorization: 'Bearer demo', 'content-type': 'application/x-ndjson' },
      body: lines,
    });
    const outcomes = (await answer.text()).trim().split('\n');
    expect([answer.status, outcomes.length, outcomes.at(-1)?.includes('"line":3000')]).toEqual([200, 3000, true]);
  });
});
