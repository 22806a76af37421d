import { describe, expect, it } from '@jest/globals';
import { openAdminServer } from '../../support/admin-server.ts';
import { importCommand } from '../../support/import-command.ts';

const admin = await openAdminServer();
const { file: fileOf, run, open } = importCommand(admin);

const line = (type: string, key: string, body: object): string => JSON.stringify({ type, key, body });
const hill = line('branch', 'hill', {
  name: 'Clinic on the Hill',
  timezone: 'Asia/Tbilisi',
  country: 'GE',
  currency: 'GEL',
  locale: 'en',
});
const visit = (patient: string): object => ({
  patient,
  branch: 'hill',
  doctor: 'd1',
  start: '2026-11-26T12:00:00+04:00',
  end: '2026-11-26T12:30:00+04:00',
  status: 'unconfirmed',
});

describe('An import of NDJSON', () => {
  it('loads the good lines, names the bad ones by line and field, and ends with 1', async () => {
    const file = fileOf(
      'clinic.ndjson',
      [
        `\uFEFF${hill}`,
        '',
        `${line('doctor', 'd1', { name: 'Dr. G', branches: ['hill'] })}\r`,
        line('patient', 'jane', { lastName: 'Smith', firstName: 'Jane', phones: ['555 12 34 56'] }),
        line('patient', 'joe', { lastName: 'Secretov', firstName: 'Joe', phones: ['+995555123457', '12'] }),
        line('patient', 'jim', { lastName: 'Smith', firstName: 'Jim', colour: 'red' }),
        '{"type":"patient",',
        line('appointment', 'a1', visit('jane')),
        line('appointment', 'a2', visit('joe')),
        line('room', 'r1', {}),
        line('patient', 'no key', { lastName: 'Smith', firstName: 'Jane' }),
      ].join('\n'),
    );
    expect(await run(file)).toEqual({
      code: 1,
      out: ['loaded 4, bad 6'],
      err: [
        'line 5: body.phones[1]: is no telephone number (with + and country code, or of a branch’s country)',
        'line 6: body.colour: is not allowed',
        'line 7: the line is not JSON',
        'line 9: body.patient: there is no patient joe',
        'line 10: type: must be branch, doctor, service, patient or appointment',
        'line 11: key: must be 1 to 64 characters of A–Z a–z 0–9 . _ : -',
      ],
    });
    expect(open()).toBe(0);
    expect(await admin.must('GET', '/patients/jane')).toMatchObject({ phones: ['+995555123456'] });
    expect((await admin.call('GET', '/patients/joe')).status).toBe(404);
  });

  it('is quiet unless it is told to be loud', async () => {
    expect((await run(fileOf('quiet.ndjson', line('appointment', 'quiet-1', visit('jane'))))).code).toBe(0);
    expect((await run('--loud', fileOf('loud.ndjson', line('appointment', 'loud-1', visit('jane'))))).code).toBe(0);
    expect(await admin.stores.appointments.get('quiet-1')).toMatchObject({ quiet: true });
    expect(await admin.stores.appointments.get('loud-1')).toMatchObject({ quiet: false });
  });

  it('may be repeated', async () => {
    const file = fileOf('again.ndjson', [hill, line('appointment', 'a1', visit('jane'))].join('\n'));
    const first = await run(file);
    expect(await run(file)).toEqual(first);
    expect(first).toEqual({ code: 0, out: ['loaded 2, bad 0'], err: [] });
  });

  it('names a line that is too long or in another encoding, and goes on', async () => {
    const file = fileOf(
      'long.ndjson',
      Buffer.concat([
        Buffer.from(`${line('patient', 'long', { lastName: 'x'.repeat(1_100_000), firstName: 'y' })}\n`),
        Buffer.from('{"type":"patient","key":"cp","body":{"lastName":"'),
        Buffer.from([0xcf, 0xe5, 0xf2]),
        Buffer.from('","firstName":"y"}}\n'),
        Buffer.from(hill),
      ]),
    );
    expect(await run(file)).toEqual({
      code: 1,
      out: ['loaded 1, bad 2'],
      err: ['line 1: is longer than 1 MiB', 'line 2: is not in UTF-8'],
    });
  });

  it('loads more lines than one call takes, in their order', async () => {
    const lines = Array.from({ length: 450 }, (_unused, index) =>
      line('patient', `many-${index}`, { lastName: 'Many', firstName: index === 401 ? '' : 'One' }),
    );
    const { out, err, code } = await run(fileOf('many.ndjson', lines.join('\n')));
    expect({ out, err, code }).toEqual({
      code: 1,
      out: ['loaded 449, bad 1'],
      err: ['line 402: body.firstName: is not allowed to be empty'],
    });
  });
});
