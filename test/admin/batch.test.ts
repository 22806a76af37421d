import { describe, expect, it } from '@jest/globals';
import { openAdminServer } from '../support/admin-server.ts';
import { bodies, putClinic } from '../support/clinic-bodies.ts';

const admin = await openAdminServer();
const { call, server, stores, log } = admin;
await putClinic(admin);

interface Outcome {
  readonly line: number;
  readonly key?: string;
  readonly status: number;
  readonly error?: { readonly code: string; readonly message: string };
}

async function batch(lines: readonly unknown[], query = ''): Promise<readonly Outcome[]> {
  const payload = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const { status, headers, text } = await call('POST', `/batch${query}`, payload, ndjson);
  expect([status, headers['content-type']]).toEqual([200, 'application/x-ndjson']);
  return outcomesOf(text);
}

const ndjson = { 'content-type': 'application/x-ndjson' };
const outcomesOf = (text: string): readonly Outcome[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Outcome);
const service = (key: string, body: object = bodies.service()) => ({ type: 'service', key, body });

describe('POST /batch', () => {
  it('answers a line each, in order, with the status of the single call', async () => {
    const outcomes = await batch([
      service('xray'),
      service('xray'),
      service('bad', { nam: 1 }),
      'not json',
      service('mri'),
      { type: 'appointment', key: 'v1', body: bodies.appointment({ doctor: 'ghost' }) },
      { type: 'appointment', key: 'v1', body: bodies.appointment() },
      { type: 'appointment', key: 'v2', body: bodies.appointment({ end: '2026-11-26T11:00:00+04:00' }) },
    ]);
    expect(outcomes).toEqual([
      { line: 1, key: 'xray', status: 201 },
      { line: 2, key: 'xray', status: 200 },
      {
        line: 3,
        key: 'bad',
        status: 400,
        error: { code: 'invalid', message: 'name: is required; durationMinutes: is required; nam: is not allowed' },
      },
      { line: 4, status: 400, error: { code: 'invalid', message: 'the line is not JSON' } },
      { line: 5, key: 'mri', status: 201 },
      {
        line: 6,
        key: 'v1',
        status: 422,
        error: { code: 'unknownReference', message: 'doctor: there is no doctor ghost' },
      },
      { line: 7, key: 'v1', status: 201 },
      { line: 8, key: 'v2', status: 400, error: { code: 'invalid', message: 'end: must be after start' } },
    ]);
  });

  it('keeps what was good', async () => {
    expect([(await call('GET', '/services/mri')).status, (await call('GET', '/services/bad')).status]).toEqual([
      200, 404,
    ]);
  });

  it('lets a line refer to one before it', async () => {
    const outcomes = await batch([
      { type: 'branch', key: 'new', body: bodies.branch() },
      { type: 'doctor', key: 'new', body: bodies.doctor({ branches: ['new'] }) },
      { type: 'patient', key: 'new', body: bodies.patient() },
      { type: 'appointment', key: 'new', body: bodies.appointment({ branch: 'new', doctor: 'new', patient: 'new' }) },
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  });

  it('refuses a line of another shape', async () => {
    const outcomes = await batch([
      '[]',
      '5',
      'null',
      { type: 'clinic', key: 'x', body: {} },
      { type: 'service', body: {} },
      { type: 'service', key: 'a b', body: {} },
      { type: 'service', key: 'x' },
      { type: 'service', key: 'x', body: bodies.service(), sudo: true },
      '{"type":"service","key":"x","body":{"constructor":{"prototype":1}}}',
      `{"type":"service","key":"x","body":${'['.repeat(100)}${']'.repeat(100)}}`,
    ]);
    expect(outcomes.map(({ status, error }) => [status, error?.code])).toEqual(outcomes.map(() => [400, 'invalid']));
    expect(outcomes.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('passes empty lines over but counts them, and takes a last line without an end', async () => {
    const { text } = await call('POST', '/batch', `\n\r\n${JSON.stringify(service('crlf'))}\r\n\n`, ndjson);
    expect(outcomesOf(text)).toEqual([{ line: 3, key: 'crlf', status: 201 }]);
  });

  it('reads letters that are cut between two chunks', async () => {
    const bytes = Buffer.from(`${JSON.stringify(service('cyr', bodies.service({ name: 'Чистка зубов' })))}\n`);
    const { splitLines } = await import('../../src/admin/clinic/lines.ts');
    async function* oneByOne() {
      for (const byte of bytes) yield Buffer.from([byte]);
    }
    const lines = [];
    for await (const line of splitLines(oneByOne(), 1000)) lines.push(line);
    expect(lines).toEqual([{ line: 1, text: bytes.toString().trimEnd() }]);
  });

  it('refuses a line over 1 MiB and goes on behind it', async () => {
    const outcomes = await batch([service('long', { name: 'x'.repeat(1_100_000) }), service('after')]);
    expect(outcomes).toEqual([
      { line: 1, status: 413, error: { code: 'tooLarge', message: 'the line is longer than 1 MiB' } },
      { line: 2, key: 'after', status: 201 },
    ]);
  });

  it('is quiet where asked: as if booked long ago', async () => {
    await batch([{ type: 'appointment', key: 'quiet', body: bodies.appointment() }], '?quiet=true');
    await batch([{ type: 'appointment', key: 'loud', body: bodies.appointment() }]);
    const [quiet, loud] = await Promise.all([stores.appointments.get('quiet'), stores.appointments.get('loud')]);
    expect([quiet?.quiet, loud?.quiet]).toEqual([true, false]);
  });

  it('takes NDJSON only, and ?quiet only as yes or no', async () => {
    const jsonBody = await call('POST', '/batch', '{}', { 'content-type': 'application/json' });
    const maybe = await call('POST', '/batch?quiet=maybe', '', ndjson);
    expect([jsonBody.status, jsonBody.json['code'], maybe.status]).toEqual([415, 'unsupportedMedia', 400]);
  });

  it('answers nothing to nothing', async () => {
    const empty = await call('POST', '/batch', '', ndjson);
    expect([empty.status, empty.text]).toEqual([200, '']);
  });

  it('refuses a body that says it is larger than 32 MiB', async () => {
    const { statusCode } = await server.inject({
      method: 'POST',
      url: '/api/v1/batch',
      headers: { authorization: 'Bearer demo', ...ndjson, 'content-length': '40000000' },
      payload: 'x',
    });
    expect(statusCode).toBe(413);
  });

  it('says which line hit a fault of ours, and goes on', async () => {
    const { put } = stores.services;
    let failures = 1;
    Object.assign(stores.services, {
      put: async (...args: Parameters<typeof put>) => {
        failures -= 1;
        if (failures === 0) throw new Error('disk');
        return put(...args);
      },
    });
    const outcomes = await batch([service('fault'), service('fine')]);
    Object.assign(stores.services, { put });
    expect(outcomes.map(({ line, key, status, error }) => [line, key, status, error?.code])).toEqual([
      [1, 'fault', 500, 'internal'],
      [2, 'fine', 201, undefined],
    ]);
    expect(log.lines.filter(({ event }) => event === 'batch.failed')).toHaveLength(1);
  });
});
