import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { openAdminServer } from '../support/admin-server.ts';
import { bodies, putClinic } from '../support/clinic-bodies.ts';

const admin = await openAdminServer();
const { call, must, server } = admin;
await putClinic(admin);

interface Flaw {
  readonly path: string;
  readonly message: string;
}

const paths = (details: unknown): readonly string[] => (details as readonly Flaw[]).map(({ path }) => path);

/** Puts a body that must be refused as wrong in itself, and leaves nothing behind. */
async function refused(path: string, body: unknown): Promise<readonly string[]> {
  const { status, json } = await call('PUT', path, body);
  expect([status, json['code']]).toEqual([400, 'invalid']);
  expect((await call('GET', path)).status).toBe(404);
  return paths(json['details']);
}

const patient = async (overrides: object) => refused('/patients/no', { ...bodies.patient(), ...overrides });
const visit = async (overrides: object) => refused('/appointments/no', { ...bodies.appointment(), ...overrides });
const branch = async (overrides: object) => refused('/branches/no', { ...bodies.branch(), ...overrides });

describe('A body is refused by the name of what is wrong', () => {
  it('when a field is unknown, ours above all', async () => {
    expect(await patient({ role: 'owner', clinicId: 'x', _id: 'y', balance: 5 })).toEqual([
      'role',
      'clinicId',
      '_id',
      'balance',
    ]);
    expect(await branch({ colour: 1 })).toEqual(['colour']);
    expect(await patient({ 'phones.0': '+995555123456', $where: 'sleep(1)' })).toEqual(['phones.0', '$where']);
  });

  it('when a key is an operator', async () => {
    expect(await visit({ patient: { $ne: null } })).toEqual(['patient']);
  });

  it('when a required field is missing', async () => {
    expect(await refused('/services/no', { durationMinutes: 3 })).toEqual(['name']);
    expect(await refused('/appointments/no', {})).toEqual(['patient', 'branch', 'doctor', 'start', 'end', 'status']);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('when it reaches for %s, however deep', async (key) => {
    const shallow = await call('PUT', '/patients/no', `{"lastName":"a","firstName":"b","${key}":{"x":1}}`, json);
    const deep = await call(
      'PATCH',
      '/branches/hill/scenarios/details',
      `{"settings":{"texts":{"${key}":{"prototype":1}}}}`,
      json,
    );
    expect([shallow.status, paths(shallow.json['details'])]).toEqual([400, [key]]);
    expect([deep.status, paths(deep.json['details'])[0]]).toEqual([400, `settings.texts.${key}`]);
  });

  it.each([
    ['"5"', '"5"'],
    ['5.5', '5.5'],
    ['-1', '-1'],
    ['0', '0'],
    ['2^53', '9007199254740992'],
    ['1e999', '1e999'],
    ['null', 'null'],
    ['true', 'true'],
  ])('when a whole number is %s', async (_name, value) => {
    const { status, json: answer } = await call(
      'PUT',
      '/services/no',
      `{"name":"X-ray","durationMinutes":${value}}`,
      json,
    );
    expect([status, paths(answer['details'])]).toEqual([400, ['durationMinutes']]);
  });

  it('when it is not JSON, or holds NaN', async () => {
    const broken = await call('PUT', '/patients/no', '{"a":', json);
    const nan = await call('PUT', '/services/no', '{"name":"X-ray","durationMinutes":NaN}', json);
    const latin1 = await server.inject({
      method: 'PUT',
      url: '/api/v1/patients/no',
      headers: { authorization: 'Bearer demo', ...json },
      payload: Buffer.from('{"lastName":"\xe9","firstName":"b"}', 'latin1'),
    });
    expect([broken.status, nan.status, latin1.statusCode]).toEqual([400, 400, 400]);
    expect(broken.json['details']).toEqual([{ path: 'body', message: 'is not JSON in UTF-8' }]);
  });

  it('when text holds NUL, half a character or nothing but spaces', async () => {
    expect(await patient({ lastName: 'a\u0000b' })).toEqual(['lastName']);
    expect(await patient({ lastName: 'a\ud800b' })).toEqual(['lastName']);
    expect(await patient({ lastName: '   ' })).toEqual(['lastName']);
    expect(await patient({ lastName: '' })).toEqual(['lastName']);
  });

  it('when text is too long', async () => {
    expect(await patient({ lastName: 'x'.repeat(65_536) })).toEqual(['lastName']);
  });

  it('when a line would break out of a header or a subject', async () => {
    expect(await patient({ firstName: 'Jane\r\nBcc: all@clinic.example' })).toEqual(['firstName']);
    expect(await branch({ head: { name: 'Nino\nX: y' } })).toEqual(['head.name']);
    expect(await branch({ senders: { emailName: 'Clinic\u2028X' } })).toEqual(['senders.emailName']);
  });

  it.each(['TwelveLetter', '12345', 'Клиника', 'Med-Lock', '+0995555', '+99555512345678901', '', ' '])(
    'when an SMS sender is %j, neither a name of up to 11 letters and digits nor a number',
    async (sms) => {
      expect(await branch({ senders: { sms, emailName: 'Clinic' } })).toEqual(['senders.sms']);
    },
  );

  it.each(['hello', '', '12', '+995', '1'.repeat(40), '+995 555 12 34 5x'])('when a phone is %j', async (phone) => {
    expect(await patient({ phones: ['+995555123456', phone] })).toEqual(['phones.1']);
  });

  it.each(['1985-02-30', '2025-02-29', '1985-13-01', '85-01-01', '1899-12-31', '2027-01-01', '1985-03-04T00:00:00Z'])(
    'when a birth date is %s',
    async (birthDate) => {
      expect(await patient({ birthDate })).toEqual(['birthDate']);
    },
  );

  it.each([
    '2026-11-26T12:00:00',
    '2026-11-26',
    '2026-02-30T12:00:00+04:00',
    '2026-11-26T24:00:00+04:00',
    '2026-11-26T12:60:00+04:00',
    '9999-11-26T12:00:00+04:00',
    '0001-11-26T12:00:00+04:00',
    '2026-11-26T12:00:00+25:00',
    'tomorrow',
    '',
  ])('when an instant is %j', async (start) => {
    expect(await visit({ start })).toEqual(['start']);
  });

  it('when an instant is a number', async () => {
    expect(await visit({ start: 1_795_000_000_000 })).toEqual(['start']);
  });

  it('when an end is not after its start, or days later', async () => {
    expect(await visit({ end: '2026-11-26T12:00:00+04:00' })).toEqual(['end']);
    expect(await visit({ end: '2026-11-26T11:00:00+04:00' })).toEqual(['end']);
    expect(await visit({ end: '2026-11-28T12:00:00+04:00' })).toEqual(['end']);
  });

  it.each(['Europe/Moskow', 'Asia/Tiflis2', '+25:00', '+03:00', 'europe/rome', '', 'local'])(
    'when a zone is %j',
    async (timezone) => {
      expect(await branch({ timezone })).toEqual(['timezone']);
    },
  );

  it('when a country, a currency, a locale or a channel is none', async () => {
    expect(await branch({ country: 'XX' })).toEqual(['country']);
    expect(await branch({ country: 'ge' })).toEqual(['country']);
    expect(await branch({ currency: 'ABC' })).toEqual(['currency']);
    expect(await branch({ currency: 'gel' })).toEqual(['currency']);
    expect(await branch({ locale: 'fr' })).toEqual(['locale']);
    expect(await branch({ channels: ['whatsapp', 'pigeon'] })).toEqual(['channels.1']);
    expect(await branch({ channels: ['sms', 'sms'] })).toEqual(['channels.1']);
  });

  it.each(['777', '@clinic_staff', '-100#maria', '-100 5'])('when a staff group is %j', async (staffChat) => {
    expect(await branch({ staffChat })).toEqual(['staffChat']);
  });

  it('when a link is no web address', async () => {
    expect(await branch({ website: 'javascript:alert(1)' })).toEqual(['website']);
    expect(await branch({ bookingUrl: 'file:///etc/passwd' })).toEqual(['bookingUrl']);
    expect(await branch({ reviewSites: [{ site: 'google', url: 'reviews' }] })).toEqual(['reviewSites.0.url']);
    expect(await branch({ head: { email: 'nobody' } })).toEqual(['head.email']);
  });

  it('when a status or source is unknown', async () => {
    expect(await visit({ status: 'maybe' })).toEqual(['status']);
    expect(await visit({ source: 'pigeon' })).toEqual(['source']);
  });

  it('when a percentage or a duration is out of range', async () => {
    expect(await patient({ discountPercent: 101 })).toEqual(['discountPercent']);
    expect(await patient({ discountPercent: -1 })).toEqual(['discountPercent']);
    expect(await visit({ recallAfter: '6 months' })).toEqual(['recallAfter']);
    expect(await visit({ recallAfter: 'P0D' })).toEqual(['recallAfter']);
    expect(await visit({ discounts: [{ service: 'clean', percent: 101 }] })).toEqual(['discounts.0.percent']);
  });

  it('all flaws at once, and without repeating a value', async () => {
    const { json: answer, text } = await call('PUT', '/patients/no', {
      lastName: 5,
      firstName: 'x'.repeat(101),
      phones: ['+79161112233x'],
      email: 'secret-mail',
      birthDate: '1985-02-31',
    });
    expect(paths(answer['details'])).toEqual(['lastName', 'firstName', 'birthDate', 'email']);
    expect(text).not.toMatch(/secret-mail|1985-02-31|xxxx|9161112233/);
  });
});

const json = { 'content-type': 'application/json' };

describe('A body that is no body', () => {
  it('is refused by its media type, also a missing one', async () => {
    const send = async (type: string | null, payload = '{"a":1}') =>
      (await call('PUT', '/patients/no', payload, type === null ? {} : { 'content-type': type })).status;
    expect([
      await send('text/plain'),
      await send('text/xml', '<a/>'),
      await send('application/x-www-form-urlencoded', 'a=1'),
      await send('multipart/form-data; boundary=x', '--x--'),
      await send('application/json; charset=utf-7'),
      await send(null),
      await send('nonsense'),
    ]).toEqual([415, 415, 415, 415, 415, 415, 415]);
  });

  it('may say that it is UTF-8', async () => {
    const answer = await call('PUT', '/patients/said', JSON.stringify(bodies.patient()), {
      'content-type': 'application/json; charset="UTF-8"',
    });
    expect(answer.status).toBe(201);
  });

  it('is 100 000 deep: refused at once', async () => {
    const answer = await call('PUT', '/patients/no', '['.repeat(100_000) + ']'.repeat(100_000), json);
    expect([answer.status, (answer.json['details'] as Flaw[])[0]?.message]).toEqual([400, 'is nested deeper than 20']);
  });

  it('has half a million elements or fields: refused at once', async () => {
    const elements = await call('PUT', '/patients/no', `{"phones":[${'1,'.repeat(400_000)}1]}`, json);
    const fields = await call(
      'PUT',
      '/patients/no',
      `{${Array.from({ length: 50_000 }, (_, index) => `"f${index}":1`).join()}}`,
      json,
    );
    expect([elements.status, paths(elements.json['details'])]).toEqual([400, ['phones']]);
    expect([fields.status, paths(fields.json['details'])]).toEqual([400, ['body']]);
  });

  it('is larger than 1 MiB: 413', async () => {
    const answer = await call('PUT', '/patients/no', bodies.patient({ notes: 'x'.repeat(3_000_000) }));
    expect([answer.status, answer.json['code']]).toEqual([413, 'tooLarge']);
  });

  it('is packed: read, but not beyond 1 MiB, and not when it is packed wrongly or in a way we do not know', async () => {
    const send = async (payload: Buffer, encoding: string) =>
      server.inject({
        method: 'PUT',
        url: '/api/v1/patients/packed',
        headers: { authorization: 'Bearer demo', ...json, 'content-encoding': encoding },
        payload,
      });
    const good = await send(gzipSync(JSON.stringify(bodies.patient())), 'gzip');
    const bomb = await send(gzipSync(Buffer.alloc(50_000_000)), 'gzip');
    const broken = await send(Buffer.from('no gzip'), 'gzip');
    const unknown = await send(Buffer.from('{}'), 'br');
    expect([good.statusCode, bomb.statusCode, broken.statusCode, unknown.statusCode]).toEqual([201, 413, 400, 415]);
  });

  it('gives a field twice: the last one counts', async () => {
    const twice = '{"lastName":"First","lastName":"Last","firstName":"Jane"}';
    const { json: answer } = await call('PUT', '/patients/doubled', twice, json);
    expect(answer['lastName']).toBe('Last');
  });

  it('is sent where none is wanted', async () => {
    const answer = await call('POST', '/branches/hill/scenarios/details/reset-text', { sudo: true });
    const empty = await call('POST', '/branches/hill/scenarios/details/reset-text');
    expect([answer.status, paths(answer.json['details']), empty.status]).toEqual([400, ['sudo'], 200]);
  });
});

describe('A query is refused by the name of what is wrong', () => {
  it.each([
    'limit=0',
    'limit=-1',
    'limit=1000000000',
    'limit=201',
    'limit=x',
    'limit=1.5',
    'limit=1&limit=2',
    'limit=',
  ])('with %s', async (query) => {
    const { status, json: answer } = await call('GET', `/patients?${query}`);
    expect([status, paths(answer['details'])]).toEqual([400, ['limit']]);
  });

  it('with a cursor of nobody', async () => {
    const { status, json: answer } = await call('GET', '/patients?cursor=zzzz');
    expect([status, paths(answer['details'])]).toEqual([400, ['cursor']]);
  });

  it('with a field that it does not know: no sorting, searching or operators', async () => {
    const { status, json: answer } = await call(
      'GET',
      '/patients?sort=balance&search=.*(a%2B)%2B%24&name[$ne]=1&a=%00',
    );
    expect([status, [...paths(answer['details'])].sort()]).toEqual([400, ['a', 'name[$ne]', 'search', 'sort']]);
  });

  it('takes 200 and pages of one', async () => {
    expect([
      (await call('GET', '/patients?limit=200')).status,
      (await call('GET', '/patients?limit=1')).status,
    ]).toEqual([200, 200]);
  });
});

describe('A key', () => {
  it.each(['a%20b', 'x'.repeat(65), '%D0%BF', 'a%2Fb', '%00', '$ne'])('of %s is refused', async (key) => {
    const { status, json: answer } = await call('PUT', `/patients/${key}`, bodies.patient());
    expect([status, paths(answer['details'])]).toEqual([400, ['patient']]);
  });

  it('that is no UTF-8 is refused', async () => {
    expect((await call('GET', '/patients/%ff')).status).toBe(400);
  });

  it('may have 64 characters and a colon, a dot and a dash', async () => {
    const key = `A-1.b:c_${'x'.repeat(56)}`;
    await must('PUT', `/patients/${key}`, bodies.patient());
    expect((await must('GET', `/patients/${key}`))['id']).toBe(key);
  });
});
