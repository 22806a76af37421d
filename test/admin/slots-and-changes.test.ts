import { describe, expect, it } from '@jest/globals';
import { openAdminServer } from '../support/admin-server.ts';
import { putClinic } from '../support/clinic-bodies.ts';

const admin = await openAdminServer();
const { call, must, stores, clock } = admin;
await putClinic(admin);

const at = new Date('2026-11-23T05:00:00Z');

describe('Slots', () => {
  const range = 'from=2026-11-24T00:00:00%2B04:00&to=2026-11-25T00:00:00%2B04:00';
  const slot = (start: string, end: string) => ({
    doctor: 'd1',
    start: `2026-11-24T${start}:00+04:00`,
    end: `2026-11-24T${end}:00+04:00`,
  });

  it('replace the free ones between from and to', async () => {
    const two = await must('PUT', `/branches/hill/slots?${range}`, [slot('10:00', '10:30'), slot('11:00', '11:30')]);
    const one = await must('PUT', `/branches/hill/slots?${range}`, [
      { ...slot('12:00', '12:30'), services: ['clean'] },
    ]);
    expect([two, one, await must('GET', `/branches/hill/slots?${range}`)]).toEqual([
      { stored: 2 },
      { stored: 1 },
      {
        items: [
          {
            doctor: 'd1',
            services: ['clean'],
            start: '2026-11-24T12:00:00+04:00',
            end: '2026-11-24T12:30:00+04:00',
          },
        ],
        next: null,
      },
    ]);
  });

  it('are refused outside the range, backwards, or of a doctor that nobody stored', async () => {
    const put = async (slots: unknown, query = range) => call('PUT', `/branches/hill/slots?${query}`, slots);
    const outside = await put([
      { ...slot('10:00', '10:30'), start: '2026-11-26T10:00:00+04:00', end: '2026-11-26T10:30:00+04:00' },
    ]);
    const backwards = await put([slot('10:30', '10:00')]);
    const ghost = await put([{ ...slot('10:00', '10:30'), doctor: 'ghost' }]);
    const noRange = await put([], 'from=2026-11-25T00:00:00%2B04:00&to=2026-11-24T00:00:00%2B04:00');
    const missing = await put([], 'from=2026-11-25T00:00:00%2B04:00');
    const noBranch = await call('PUT', `/branches/ghost/slots?${range}`, []);
    expect(
      [outside, backwards, ghost, noRange, missing, noBranch].map(({ status, json }) => [status, json['details']]),
    ).toEqual([
      [400, [{ path: '0.start', message: 'must lie between from and to' }]],
      [400, [{ path: '0.end', message: 'must be after start' }]],
      [422, [{ path: '0.doctor', message: 'there is no doctor ghost' }]],
      [400, [{ path: 'to', message: 'must be after from' }]],
      [400, [{ path: 'to', message: 'is required' }]],
      [404, undefined],
    ]);
  });

  it('come a page at a time', async () => {
    await must('PUT', `/branches/hill/slots?${range}`, [
      slot('10:00', '10:30'),
      slot('11:00', '11:30'),
      slot('12:00', '12:30'),
    ]);
    const first = await must('GET', `/branches/hill/slots?${range}&limit=2`);
    const rest = await must('GET', `/branches/hill/slots?${range}&limit=2&cursor=${String(first['next'])}`);
    const foreign = await call('GET', `/branches/hill/slots?${range}&cursor=zzzz`);
    expect([
      (first['items'] as unknown[]).length,
      (rest['items'] as unknown[]).length,
      rest['next'],
      foreign.status,
    ]).toEqual([2, 1, null, 400]);
  });
});

describe('GET /changes', () => {
  it('tells what chat did, oldest first, and goes on behind an id', async () => {
    clock.set('2026-11-23T05:00:00Z');
    await stores.changes.add({ type: 'appointment', key: 'v1', change: 'confirmed', at, by: 'patient' }, 'u1');
    await stores.changes.add({ type: 'patient', key: 'jane', change: 'stopped', at, by: 'patient' }, 'u2');
    const all = (await must('GET', '/changes'))['items'] as { id: string; key: string }[];
    const [first] = all.slice(-2);
    const rest = (await must('GET', `/changes?after=${first?.id ?? ''}`))['items'] as unknown[];
    expect(first).toMatchObject({
      type: 'appointment',
      key: 'v1',
      change: 'confirmed',
      at: '2026-11-23T05:00:00Z',
      by: 'patient',
    });
    expect(rest).toMatchObject([{ type: 'patient', key: 'jane', change: 'stopped' }]);
  });
});
