import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { openAdminServer } from '../../support/admin-server.ts';
import { importCommand } from '../../support/import-command.ts';

const admin = await openAdminServer();
const { file: fileOf, run } = importCommand(admin);
const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/fhir/${name}`, import.meta.url));
const stored = async (path: string): Promise<object> => admin.must('GET', path);

describe('An import of a FHIR bundle', () => {
  const flags = ['--branch-zone', 'Europe/Rome', '--country', 'IT', '--currency', 'EUR'];

  it('asks for what no file of FHIR says, and loads nothing before', async () => {
    const { code, err, out } = await run(fixture('hapi-searchset.json'));
    expect([code, out]).toEqual([2, []]);
    expect(err[0]).toContain('needs --branch-zone, --currency');
    expect((await admin.call('GET', '/branches/1020')).status).toBe(404);
  });

  it('loads places, doctors, services, patients and visits as HAPI sends them', async () => {
    expect(await run(fixture('hapi-searchset.json'), ...flags)).toEqual({
      code: 0,
      out: ['loaded 7, bad 0'],
      err: ['1 OperationOutcome: left out, is not read'],
    });
    expect(await stored('/branches/1020')).toMatchObject({
      name: 'Ambulatorio San Marco',
      timezone: 'Europe/Rome',
      country: 'IT',
      currency: 'EUR',
      locale: 'it',
      phone: '+390612345678',
      town: 'Roma',
      address: 'Via San Marco 7, 00186',
    });
    expect(await stored('/doctors/1010')).toMatchObject({
      name: 'Dott. Carlo Bellini',
      branches: ['1020'],
      specialty: 'Odontoiatria',
      memo: true,
    });
    expect(await stored('/services/1030')).toMatchObject({ name: 'Igiene orale', durationMinutes: 40 });
    expect(await stored('/patients/1001')).toMatchObject({
      lastName: 'Rossi',
      firstName: 'Giulia',
      sex: 'female',
      birthDate: '1985-03-04',
      phones: ['+393200001001', '+390612345678'],
      email: 'giulia.rossi@posta.example',
      locale: 'it',
      address: 'Via Appia 12, int. 4, 00183',
    });
    expect(await stored('/appointments/1204')).toMatchObject({
      patient: '1001',
      branch: '1020',
      doctor: '1010',
      services: ['1030'],
      start: '2026-11-26T10:00:00+01:00',
      status: 'confirmed',
      bookedAt: '2026-11-20T15:30:00+01:00',
      changedAt: '2026-11-21T10:12:44.117+01:00',
    });
    expect(await stored('/appointments/1205')).toMatchObject({
      patient: '1002',
      end: '2026-11-27T10:20:00+01:00',
      status: 'unconfirmed',
    });
    expect((await admin.call('GET', '/branches/1021')).status).toBe(404);
  });

  it('keeps what the clinic stored and FHIR has no word for', async () => {
    const branch = await stored('/branches/1020');
    const { id: _id, changedAt: _at, changedBy: _by, ...body } = branch as Record<string, unknown>;
    await admin.must('PUT', '/branches/1020', { ...body, head: { email: 'head@clinic.example' }, locale: 'en' });
    const { name, durationMinutes } = (await stored('/services/1030')) as Record<string, unknown>;
    await admin.must('PUT', '/services/1030', { name, durationMinutes, recommendationsBefore: 'Non mangi.' });
    await admin.must('PUT', '/patients/1001', {
      lastName: 'Rossi',
      firstName: 'Giulia',
      phones: ['+393200001001'],
      patronymic: 'x',
      consent: { advertising: true },
      tags: ['vip'],
    });
    expect((await run(fixture('hapi-searchset.json'))).code).toBe(0);
    expect(await stored('/branches/1020')).toMatchObject({
      head: { email: 'head@clinic.example' },
      locale: 'en',
      timezone: 'Europe/Rome',
    });
    expect(await stored('/services/1030')).toMatchObject({ recommendationsBefore: 'Non mangi.', durationMinutes: 40 });
    expect(await stored('/patients/1001')).toMatchObject({
      consent: { advertising: true },
      tags: ['vip'],
      phones: ['+393200001001', '+390612345678'],
    });
  });

  it('stores doctors and places that are only named beside a reference, as Epic sends them', async () => {
    const us = ['--branch-zone', 'America/New_York', '--country', 'US', '--currency', 'USD', '--locale', 'en'];
    expect(await run(fixture('epic-searchset.json'), ...us)).toEqual({
      code: 0,
      out: ['loaded 3, bad 0'],
      err: ['link: left out, the bundle goes on in another page'],
    });
    expect(await stored('/branches/e4W4rmGe9QzuGm2Dy4NBqVc0KDe6yGld6HW95UuN-Qd03')).toMatchObject({
      name: 'EMC Family Medicine',
      timezone: 'America/New_York',
    });
    expect(await stored('/doctors/eM5CWtq15N0WJeuCet5bJlQ3')).toMatchObject({ name: 'Physician Family Medicine, MD' });
    expect(await stored('/patients/eq081-VQEgP8drUUqCWzHfw3')).toMatchObject({
      phones: ['+19174567892', '+12124567890', '+12124567891'],
      email: 'emily.baker@mail.example',
    });
    expect(await stored('/appointments/eOlTMd4YrWXhHNyjFpxVuLQ3')).toMatchObject({ status: 'confirmed' });
    expect(await stored('/appointments/eNoShowVisit123')).toMatchObject({
      status: 'noShow',
      doctor: 'eM5CWtq15N0WJeuCet5bJlQ3',
    });
  });

  it('takes away a visit that was entered in error, and leaves out a wish without a time', async () => {
    const us = ['--branch-zone', 'America/Chicago', '--country', 'US', '--currency', 'USD'];
    const file = fixture('oracle-searchset.json');
    await admin.must('PUT', '/appointments/4817518', {
      patient: '1001',
      branch: '1020',
      doctor: '1010',
      start: '2026-11-26T12:00:00+01:00',
      end: '2026-11-26T12:30:00+01:00',
      status: 'unconfirmed',
    });
    expect(await run(file, ...us)).toEqual({
      code: 0,
      out: ['loaded 3, bad 0'],
      err: ['entry[2] Appointment/4817519: left out, is proposed without a time'],
    });
    expect((await admin.call('GET', '/appointments/4817518')).status).toBe(404);
    expect(await stored('/appointments/4817517')).toMatchObject({ status: 'started', doctor: '4122622' });
    expect(await stored('/patients/12724066')).toMatchObject({
      lastName: 'SMART',
      phones: ['+19134567891', '+18164567890'],
    });
  });

  it('replaces free slots by their schedules, and leaves those of other doctors', async () => {
    const branch = '0b1c8a52-9d3a-4a34-8a0e-1d7f4b5a6c01';
    const doctor = '0b1c8a52-9d3a-4a34-8a0e-1d7f4b5a6c02';
    const range = 'from=2026-11-27T00:00:00Z&to=2026-11-28T00:00:00Z';
    const file = fixture('medplum-slots.json');
    expect(await run(file, '--currency', 'EUR')).toEqual({ code: 0, out: ['loaded 6, bad 0'], err: [] });
    const slot = (who: string, start: string, end: string): object => ({ doctor: who, start, end });
    const own = [
      slot(doctor, '2026-11-27T10:00:00+01:00', '2026-11-27T10:30:00+01:00'),
      slot(doctor, '2026-11-27T11:00:00+01:00', '2026-11-27T11:30:00+01:00'),
    ];
    expect(await stored(`/branches/${branch}/slots?${range}`)).toMatchObject({ items: own });
    const foreign = slot('1010', '2026-11-27T10:45:00+01:00', '2026-11-27T11:00:00+01:00');
    const stale = slot(doctor, '2026-11-27T10:30:00+01:00', '2026-11-27T10:45:00+01:00');
    await admin.must('PUT', `/branches/${branch}/slots?${range}`, [foreign, stale]);
    expect((await run(file)).code).toBe(0);
    const { items } = (await stored(`/branches/${branch}/slots?${range}`)) as { items: readonly object[] };
    expect(items).toHaveLength(3);
    expect(items).toEqual(expect.arrayContaining([foreign, ...own]));
    expect(await stored('/patients/0b1c8a52-9d3a-4a34-8a0e-1d7f4b5a6c07')).toMatchObject({ channel: 'none' });
  });

  it('follows urn:uuid and conditional references of a transaction', async () => {
    const ru = ['--branch-zone=Europe/Moscow', '--currency=RUB'];
    expect(await run(fixture('transaction-urn.json'), ...ru)).toEqual({
      code: 0,
      out: ['loaded 5, bad 0'],
      err: ['entry[4] Appointment/7c1d0001-0000-4000-8000-000000000005: left out, is on a waiting list'],
    });
    expect(await stored('/appointments/7c1d0001-0000-4000-8000-000000000004')).toMatchObject({
      patient: '7c1d0001-0000-4000-8000-000000000001',
      doctor: '7c1d0001-0000-4000-8000-000000000002',
      branch: '7c1d0001-0000-4000-8000-000000000003',
      status: 'completed',
    });
    expect(await stored('/patients/7c1d0001-0000-4000-8000-000000000001')).toMatchObject({
      patronymic: 'Ивановна',
      phones: ['+79000001001'],
    });
  });

  it('reads resources that stand a line each', async () => {
    const file = fixture('google-export.ndjson');
    expect(await run(file, '--branch-zone', 'Europe/Rome', '--currency', 'EUR')).toEqual({
      code: 0,
      out: ['loaded 4, bad 0'],
      err: ['1 Encounter: left out, is not read'],
    });
    expect(await stored('/appointments/f3b1c9aa-1111-4a7b-9c5d-000000000004')).toMatchObject({ status: 'cancelled' });
  });

  it('puts visits without a place into the branch that the command line names', async () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        {
          resource: {
            resourceType: 'Appointment',
            id: 'v-placeless',
            status: 'booked',
            start: '2026-11-26T10:00:00Z',
            end: '2026-11-26T10:30:00Z',
            participant: [
              { actor: { reference: 'Patient/1001' }, status: 'needs-action' },
              { actor: { display: 'Dott. Neri' }, status: 'accepted' },
            ],
          },
        },
      ],
    };
    const file = fileOf('placeless.json', JSON.stringify(bundle));
    expect(await run(file, ...flags, '--branch-name', 'Sede unica')).toEqual({
      code: 0,
      out: ['loaded 1, bad 0'],
      err: [],
    });
    const appointment = (await stored('/appointments/v-placeless')) as { doctor: string };
    expect(appointment).toMatchObject({ branch: 'main' });
    expect(await stored('/branches/main')).toMatchObject({ name: 'Sede unica' });
    expect(await stored(`/doctors/${appointment.doctor}`)).toMatchObject({ name: 'Dott. Neri', branches: ['main'] });
  });
});
