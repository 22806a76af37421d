import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DateTime } from 'luxon';
import { type SampleCall, sampleClinic } from '../../src/admin/sample/sample-clinic.ts';
import { createRunningService, type RunningService } from '../support/running-service.ts';
import { readTold } from '../support/told-clinic.ts';
import { readLog, readPhones } from '../support/week-as-sent.ts';
import { type Expected, weekByTheRules } from '../support/week-by-the-rules.ts';

/** One death at each, in this order; the count is how many times the process comes by before it dies. */
const CRASHES = [
  'plan:before#6',
  'claim:after#20',
  'hold:after#20',
  'open:after#20',
  'send:before#20',
  'plan:after#6',
  'send:after-response#20',
  'record:before#20',
  'record:after#20',
  'charge:after#20',
];
const OUT = ['sent', 'delivered', 'read'];
const NEVER_OUT = ['skipped', 'cancelled'];
const TOP_UP = 1_000_000;

let service: RunningService;

beforeEach(async () => {
  service = await createRunningService({});
}, 60_000);
afterEach(() => service.remove(), 60_000);

describe('A week of the sample clinic', () => {
  it('sends exactly what the rules say', async () => {
    await service.start();
    const week = await openWeek();
    await moveTo(week.until);
    await expectTheWeek(week.expected);
  }, 240_000);

  it('sends the same when the service dies at each stage of plan, claim, send and record', async () => {
    await service.start();
    const week = await openWeek();
    await service.kill();
    for (const point of CRASHES) {
      await service.start({ CRASH_AT: point });
      await moveUntilDeath(week.until, point);
    }
    await service.start();
    const move = service.call('POST', '/demo/clock', { to: week.until.toISO() }).catch(() => null);
    await pause(50 + Math.random() * 250);
    await service.kill();
    expect(await move).toBeNull();
    await service.start();
    expect(Number(await clockOf())).toBeLessThan(Number(week.from.plus({ days: 6 })));
    await moveTo(week.until);
    await expectTheWeek(week.expected);
  }, 480_000);
});

interface Week {
  readonly from: DateTime;
  readonly until: DateTime;
  readonly expected: readonly Expected[];
}

/** The first hour is played; two families more come in, who bring visits of one phone and day. Then what is to be expected. */
async function openWeek(): Promise<Week> {
  const from = (await clockOf()).minus({ hours: 1 });
  const until = from.plus({ days: 9 });
  const sample = sampleClinic(from.toJSDate());
  const more = families(from);
  for (const { method, path, body } of more) await service.must(method, path, body);
  const told = readTold([...sample.calls, ...more]);
  expect(told.visits.filter(({ start }) => start > from && start < from.plus({ days: 7 })).length).toBeGreaterThan(60);
  expect(new Set(told.zones.values()).size).toBe(2);
  const linked = new Map(sample.linkedChats.map(({ patient, chat }) => [patient, chat]));
  const expected = weekByTheRules(told, { from: from.toJSDate(), until: until.toJSDate() }, linked);
  expect(new Set(expected.map(({ scenario }) => scenario)).size).toBe(10);
  expect(expected.some(({ also }) => also.length > 0)).toBe(true);
  return { from, until, expected };
}

/** A child with its parent's phone on the parent's day, and a patient with two visits to one doctor on one day. */
function families(from: DateTime): readonly SampleCall[] {
  const visit = (id: string, zone: string, hour: number, rest: object): SampleCall => {
    const local = from.setZone(zone);
    const start = local.startOf('day').plus({ days: 3 }).set({ hour });
    const body = { start: start.toISO(), end: start.plus({ minutes: 30 }).toISO(), source: 'desk', ...rest };
    const bookedAt = local.plus({ hours: 1, minutes: 10 }).toISO();
    return { method: 'PUT', path: `/appointments/${id}`, body: { ...body, status: 'unconfirmed', bookedAt } };
  };
  return [
    {
      method: 'PUT',
      path: '/patients/m-90',
      body: {
        lastName: 'Макарова',
        firstName: 'Алиса',
        patronymic: 'Олеговна',
        birthDate: from.minus({ years: 9, months: 3 }).toISODate(),
        phones: ['+79000001021'],
        consent: { messages: true, advertising: true },
        locale: 'ru',
      },
    },
    visit('sample-m-99', 'Europe/Moscow', 13, {
      patient: 'm-90',
      branch: 'pokrovka',
      doctor: 'smirnova',
      services: ['therapy'],
    }),
    visit('sample-r-98', 'Europe/Rome', 17, {
      patient: 'r-1',
      branch: 'sanmarco',
      doctor: 'bellini',
      services: ['checkup'],
    }),
  ];
}

async function clockOf(): Promise<DateTime> {
  const { now } = await service.must<{ now: string }>('GET', '/demo/clock');
  return DateTime.fromISO(now, { zone: 'utc' });
}

/** Several hours at a time, as somebody who watches would. */
async function moveTo(until: DateTime): Promise<void> {
  for (let now = await clockOf(); now < until; now = await clockOf()) {
    const next = DateTime.min(now.plus({ hours: 9 }), until);
    await service.must('POST', '/demo/clock', { to: next.toISO() });
  }
}

/** Moves on, several hours at a time, until the process ends by itself. */
async function moveUntilDeath(until: DateTime, point: string): Promise<void> {
  for (let to = await clockOf(); to < until; ) {
    to = to.plus({ hours: 9 });
    const answer = await service.call('POST', '/demo/clock', { to: to.toISO() }).catch(() => null);
    if (answer === null) {
      expect(await service.ended()).toBe('SIGKILL');
      return;
    }
    expect(answer.status).toBe(200);
  }
  throw new Error(`The process never came by ${point}.`);
}

/** The log, the phones and the ledger hold every expected message once, and nothing else. */
async function expectTheWeek(expected: readonly Expected[]): Promise<void> {
  const now = await clockOf();
  const ahead = (status: string, dueAt: string): boolean => status === 'planned' && DateTime.fromISO(dueAt) > now;
  const log = await readLog(service);
  expect(log.filter(({ status, dueAt }) => ![...OUT, ...NEVER_OUT].includes(status) && !ahead(status, dueAt))).toEqual(
    [],
  );
  const out = log.filter(({ status }) => OUT.includes(status));
  expect(
    sorted(
      out.map(({ scenario, subject, also, patient, branch, dueAt, price, timeline }) => {
        const sentAt = timeline.find(({ status }) => status === 'sent')?.at ?? '';
        return line([
          scenario,
          subject.appointment ?? subject.patient,
          sorted(also),
          patient,
          branch,
          dueAt,
          sentAt,
          price,
        ]);
      }),
    ),
  ).toEqual(
    sorted(
      expected.map(({ scenario, subject, also, patient, branch, at, price }) =>
        line([scenario, subject, sorted(also), patient, branch, at, at, price]),
      ),
    ),
  );

  const phones = await readPhones(service);
  expect(sorted(phones.map(({ chat, at }) => line([chat, instant(at)])))).toEqual(
    sorted(expected.map(({ chat, at }) => line([chat, instant(at)]))),
  );
  expect(sorted(phones.map(({ text }) => text))).toEqual(sorted(out.map(({ text }) => text)));

  for (const branch of ['pokrovka', 'sanmarco']) {
    const own = expected.filter((message) => message.branch === branch);
    const total = own.reduce((sum, { price }) => sum + price, 0);
    expect(await service.must('GET', `/spend?branch=${branch}`)).toMatchObject({ total, reserved: 0 });
    expect(await service.must('GET', `/branches/${branch}/balance`)).toMatchObject({
      balance: TOP_UP - total,
      reserved: 0,
    });
  }
}

function sorted(lines: readonly string[]): readonly string[] {
  return lines.toSorted();
}

function line(parts: readonly unknown[]): string {
  return parts.map((part) => (Array.isArray(part) ? part.join('+') : String(part))).join(' ');
}

function instant(at: string): string {
  return DateTime.fromISO(at, { zone: 'utc' }).toISO() ?? '';
}
