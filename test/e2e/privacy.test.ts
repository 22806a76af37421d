import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRunningService, type RunningService } from '../support/running-service.ts';

/** Marked data: nothing of it may be seen in a log line, a metric or an error. */
const MARKS = ['Приметина', 'Заметова', 'Zametova', '995555987654', '987654', 'клеймо', 'brandmark', '2026-SECRET'];
const PHONE = '+995555987654';
const CHAT = `/demo/chats/whatsapp/${encodeURIComponent(PHONE)}/messages`;

let service: RunningService;
let errors = '';

beforeAll(async () => {
  service = await createRunningService({ DEMO_DATA: 'none', LOG_LEVEL: 'debug' });
  await service.start();
}, 90_000);
afterAll(() => service.remove());

async function refused(method: string, path: string, body?: unknown): Promise<void> {
  const answer = await service.call(method, path, body);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  errors += answer.text;
}

async function clinicDay(): Promise<void> {
  const { now } = await service.must<{ now: string }>('GET', '/demo/clock');
  const at = (hours: number): string => new Date(Date.parse(now) + hours * 3_600_000).toISOString();
  await service.must('PUT', '/branches/hill', {
    name: 'Clinic on the Hill',
    timezone: 'Asia/Tbilisi',
    country: 'GE',
    currency: 'GEL',
    locale: 'ru',
    head: { name: 'Anna', email: 'head@hill.example' },
    reviewSites: [{ site: 'google', url: 'https://reviews.example/hill' }],
  });
  await service.must('POST', '/branches/hill/balance/top-ups', { amount: 10_000 }, { 'idempotency-key': 'k1' });
  for (const key of ['confirmation', 'reminder', 'recommendationsAfter'])
    await service.must('PATCH', `/branches/hill/scenarios/${key}`, { enabled: true });
  await service.must('PATCH', '/branches/hill/scenarios/survey', { enabled: true, settings: { sites: ['google'] } });
  await service.must('PUT', '/doctors/d1', { name: 'Dr. Gelashvili', branches: ['hill'] });
  await service.must('PUT', '/services/clean', { name: 'Teeth cleaning', durationMinutes: 30 });
  await service.must('PUT', '/patients/p1', {
    lastName: 'Заметова',
    firstName: 'Приметина',
    phones: [PHONE],
    email: 'zametova@brandmark.example',
    address: 'brandmark street',
  });
  const visit = {
    patient: 'p1',
    branch: 'hill',
    doctor: 'd1',
    services: ['clean'],
    start: at(50),
    end: at(50.5),
  };
  await service.must('PUT', '/appointments/a1', { ...visit, status: 'unconfirmed', notes: 'клеймо' });
  await service.must('POST', '/demo/clock', { advance: 'PT30H' });
  for (const text of ['да', 'а клеймо у вас есть?', 'brandmark', '+', 'человек'])
    await service.must('POST', CHAT, { text });
  await service.must('PUT', '/appointments/a1', { ...visit, status: 'completed' });
  await service.must('POST', '/demo/channels/whatsapp', { mode: 'failing' });
  await service.must('POST', '/demo/clock', { advance: 'P2D' });
  await service.must('POST', '/demo/channels/whatsapp', { mode: 'up' });
  await service.must('POST', CHAT, { text: '1 клеймо brandmark' });
}

describe('A patient’s words and number', () => {
  it('are in no log line, metric or error of a day', async () => {
    await clinicDay();
    await refused('PUT', '/patients/p2', { lastName: 'Заметова', firstName: 'Zametova', phones: ['987654'] });
    await refused('PUT', '/patients/p2', { lastName: 'Заметова', firstName: 'Zametova', birthDate: '2026-SECRET' });
    await refused('PUT', '/patients/p2', { lastName: ['Заметова'], firstName: { brandmark: 1 } });
    await refused('PUT', '/patients/p1', { lastName: 'Заметова', firstName: 'x', guardian: { patient: 'nobody' } });
    const { items } = await service.must<{ items: readonly unknown[] }>('GET', '/messages?patient=p1');
    expect(items.length).toBeGreaterThan(1);

    const metrics = await (await fetch(`${service.origin}/metrics`)).text();
    expect(metrics).toContain('# TYPE');
    expect(service.output()).toContain('listening');
    for (const mark of MARKS) {
      expect(service.output()).not.toContain(mark);
      expect(metrics).not.toContain(mark);
      expect(errors).not.toContain(mark);
    }
  }, 90_000);
});
