import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { createRunningService, type RunningService } from '../support/running-service.ts';

const FIXTURE = new URL('../fixtures/fhir/hapi-searchset.json', import.meta.url);
const FLAGS = ['--branch-zone', 'Europe/Rome', '--currency', 'EUR'];
const folder = mkdtempSync(join(tmpdir(), 'zabota-import-e2e-'));
let service: RunningService;

beforeAll(async () => {
  service = await createRunningService({ DEMO_DATA: 'none' });
}, 120_000);
afterAll(async () => {
  await service.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** The bundle with its days moved so that the visit of the 27th is three days after `now`. */
function bundleAround(now: Date): string {
  const utc = { zone: 'utc' };
  const wanted = DateTime.fromJSDate(now, utc).plus({ days: 3 }).startOf('day');
  const { days } = wanted.diff(DateTime.fromISO('2026-11-27', utc), 'days');
  const moved = readFileSync(FIXTURE, 'utf8').replace(/2026-\d\d-\d\d/g, (day) =>
    DateTime.fromISO(day, utc).plus({ days }).toFormat('yyyy-MM-dd'),
  );
  const file = join(folder, 'bundle.json');
  writeFileSync(file, moved);
  return file;
}

/** `npm run import -- …` as a process of its own. */
function runCommand(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'import', ...args], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: new URL(service.origin).port,
      DATA_DIR: service.dataDir,
      DEMO: '1',
      DEMO_DATA: 'none',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (data: Buffer) => (said.out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said.err += data.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, ...said }));
  });
}

describe('Data that was imported', () => {
  it('is loaded while nothing runs, and again through the service that runs', async () => {
    const file = bundleAround(new Date());
    expect(await runCommand(file, ...FLAGS)).toMatchObject({ code: 0, out: 'loaded 7, bad 0\n' });
    await service.start();
    expect(await service.must('GET', '/appointments/1205')).toMatchObject({ status: 'unconfirmed', patient: '1002' });
    expect(await runCommand(file)).toMatchObject({ code: 0, out: 'loaded 7, bad 0\n' });
  }, 120_000);

  it('is what scenarios work on: the patient is asked to confirm, answers, and the visit is confirmed', async () => {
    await service.must('POST', '/branches/1020/balance/top-ups', { amount: 100_000 }, { 'idempotency-key': 'import' });
    await service.must('PATCH', '/branches/1020/scenarios/confirmation', { enabled: true });
    const { start } = await service.must<{ start: string }>('GET', '/appointments/1205');
    const to = DateTime.fromISO(start).minus({ hours: 2 }).toUTC().toISO();
    await service.must('POST', '/demo/clock', { to });
    const chat = `/demo/chats/whatsapp/${encodeURIComponent('+393200001002')}/messages`;
    const asked = await service.must<{ items: { text: string; choices?: { id: string }[] }[] }>('GET', chat);
    expect(asked.items).toHaveLength(1);
    expect(asked.items[0]?.text).toContain('Bellini');
    await service.must('POST', chat, { text: 'sì' });
    expect(await service.must('GET', '/appointments/1205')).toMatchObject({
      status: 'confirmed',
      changedBy: 'patient',
    });
    const { items } = await service.must<{ items: { patient: string; scenario: string; status: string }[] }>(
      'GET',
      '/messages?branch=1020',
    );
    const out = items.filter(({ status }) => ['sent', 'delivered', 'read', 'unknown', 'failed'].includes(status));
    expect(out).toMatchObject([{ patient: '1002', scenario: 'confirmation', status: 'read' }]);
  }, 120_000);

  it('does not undo what the patient did since when it is imported again', async () => {
    expect((await runCommand(join(folder, 'bundle.json'))).code).toBe(0);
    expect(await service.must('GET', '/appointments/1205')).toMatchObject({ status: 'confirmed' });
  }, 120_000);
});
