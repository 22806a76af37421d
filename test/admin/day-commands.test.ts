import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { dayMeant } from '../../src/admin/commands/day-words.ts';
import { createStaffCommands } from '../../src/admin/commands/staff-commands.ts';
import type { AppointmentBody } from '../../src/core/appointment.ts';
import type { InboundBody } from '../../src/core/inbound.ts';
import type { NewMessage } from '../../src/core/message.ts';
import type { StaffMember } from '../../src/core/staff.ts';
import { createRender, loadDictionaries } from '../../src/i18n.ts';
import { adminPorts } from '../support/admin-ports.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { buildBranch, buildDoctor, buildPatient, buildService, buildVisit } from '../support/stored-clinic.ts';
import { openTestStores } from '../support/stores.ts';

/** Monday 23 November, 08:00 in Moscow. */
const clock = fakeClock('2026-11-23T05:00:00Z');
const { stores } = await openTestStores({ clock });
const render = await createRender(loadDictionaries(fileURLToPath(new URL('../../locales', import.meta.url))));
const { cards, why } = adminPorts();
const sent: NewMessage[] = [];
const command = createStaffCommands({
  stores,
  cards,
  why,
  render,
  hashToken: (token) => createHash('sha256').update(token).digest('hex'),
  takeCare: async () => null,
  sender: { enqueue: async (rows) => void sent.push(...rows) },
  clock,
});
const now = clock.now();

async function member(id: string, rest: Partial<StaffMember>): Promise<void> {
  await stores.staff.add({ id, name: id, role: 'doctor', branches: [], createdAt: now, ...rest });
  await stores.staff.link(id, { channel: 'telegram', address: id }, now);
}

async function visit(id: string, from: string, rest: Partial<AppointmentBody> = {}): Promise<void> {
  const start = new Date(from);
  const body = buildVisit({ start, end: new Date(start.getTime() + 1_800_000), ...rest });
  await stores.appointments.put(id, body, { at: now, by: 'clinic', quiet: false });
}

beforeAll(async () => {
  await stores.branches.put('north', buildBranch({ name: 'Север', locale: 'en' }), now, 'clinic');
  await stores.branches.put(
    'tomsk',
    buildBranch({ name: 'Томск', timezone: 'Asia/Tomsk', locale: 'en' }),
    now,
    'clinic',
  );
  await stores.doctors.put('lebedeva', buildDoctor(), now, 'clinic');
  await stores.doctors.put('orlov', buildDoctor({ name: 'Орлов Иван Петрович' }), now, 'clinic');
  await stores.services.put('cleaning', buildService(), now, 'clinic');
  await stores.patients.put('maria', buildPatient(), now, 'clinic');
  await stores.patients.put('boris', buildPatient({ firstName: 'Борис', lastName: 'Белов' }), now, 'clinic');
  await member('lebedeva', { doctor: 'lebedeva', branches: ['north'] });
  await member('nameless', {});
  await member('reception', { role: 'reception', branches: ['north'] });
  await member('manager', { role: 'manager', branches: ['north', 'tomsk'] });
  await member('ownerDoctor', { role: 'owner', doctor: 'orlov' });
  await visit('v1', '2026-11-23T07:00:00Z', { status: 'confirmed', phone: '+79161234567' });
  await visit('v2', '2026-11-23T06:00:00Z', { patient: 'boris' });
  await visit('v3', '2026-11-23T08:00:00Z', { status: 'cancelled' });
  await visit('v4', '2026-11-23T09:00:00Z', { incognito: true });
  await visit('v5', '2026-11-23T10:00:00Z', { doctor: 'orlov' });
  // 23:30 of the same Monday in Moscow, and 00:30 of Tuesday in Tomsk.
  await visit('v6', '2026-11-23T20:30:00Z');
  await visit('v7', '2026-11-23T17:30:00Z', { branch: 'tomsk' });
});

let count = 0;

async function ask(who: string, what: string | InboundBody) {
  count += 1;
  sent.length = 0;
  const body: InboundBody = typeof what === 'string' ? { kind: 'text', text: what } : what;
  const taken = await command({ id: `in${count}`, from: { channel: 'telegram', address: who }, at: now, body });
  const [row] = sent;
  if (!taken || row?.content === undefined || row.locale === undefined) throw new Error('not answered');
  return { ...render(row.content, row.locale), row };
}

describe('A doctor’s day', () => {
  it('lists the doctor’s own visits: time, patient, services, status, and no number', async () => {
    const { text, row } = await ask('lebedeva', '/today');
    expect(text).toBe(
      [
        'Mon, 23 November: 4 visits',
        '',
        '09:00–09:30 Борис Белов, Чистка зубов – unconfirmed',
        '10:00–10:30 Мария Орлова, Чистка зубов – confirmed',
        '12:00–12:30 anonymous, Чистка зубов – unconfirmed',
        '23:30–00:00 Мария Орлова, Чистка зубов – unconfirmed',
      ].join('\n'),
    );
    expect(row.named).toEqual(['boris', 'maria']);
  });

  it('counts a visit on the day of its own branch', async () => {
    expect((await ask('lebedeva', '/tomorrow')).text).toBe(
      'Tue, 24 November: 1 visit\n\n00:30–01:00 Мария Орлова, Чистка зубов – unconfirmed',
    );
  });

  it('is found by a date in any usual form', async () => {
    for (const day of ['2026-11-24', '24.11', '24.11.2026', '24/11', '24.11.'])
      expect((await ask('lebedeva', `/day ${day}`)).text).toMatch(/^Tue, 24 November: 1 visit/);
    expect((await ask('lebedeva', '/day 25.11')).text).toBe('Wed, 25 November: nobody is booked.');
    for (const day of ['', ' tomorrow', ' 31.11', ' 2026-02-30', ' 0.0'])
      expect((await ask('lebedeva', `/day${day}`)).text).toMatch(/^Which day\? Write \/day and a date/);
  });

  it('takes the nearest year for a date without one', () => {
    expect(dayMeant('05.01', '2026-11-23')).toBe('2027-01-05');
    expect(dayMeant('20.12', '2027-01-05')).toBe('2026-12-20');
    expect(dayMeant('29.02', '2026-11-23')).toBe('2028-02-29');
    expect(dayMeant('29.02.2026', '2026-11-23')).toBeNull();
  });

  it('of a week names each day, and the branch where there are two', async () => {
    const { text } = await ask('lebedeva', '/week');
    expect(text.split('\n').filter((line) => !/^\d\d:/.test(line))).toEqual([
      'Mon, 23 November – Sun, 29 November: 5 visits',
      '',
      'Mon, 23 November · Север',
      '',
      'Tue, 24 November · Томск',
    ]);
  });

  it('is nobody’s where the link names no doctor', async () => {
    expect((await ask('nameless', '/today')).text).toMatch(/^Your link names no doctor/);
  });
});

describe('The day of a branch', () => {
  it('lists every doctor’s visits to reception', async () => {
    const { text } = await ask('reception', '/today');
    expect(text.split('\n').slice(0, 3)).toEqual(['Север, Mon, 23 November: 5 visits', '', 'Лебедева Анна Сергеевна']);
    expect(text).toContain('\n\nОрлов Иван Петрович\n13:00–13:30 Мария Орлова');
  });

  it('is asked for by buttons, which hold the day', async () => {
    const question = await ask('manager', '/day 24.11');
    expect(question.choices.map(({ title }) => title)).toEqual(['Север', 'Томск']);
    clock.set('2026-11-25T05:00:00Z');
    const { text } = await ask('manager', { kind: 'choice', choice: question.choices[1]?.id ?? '' });
    clock.set('2026-11-23T05:00:00Z');
    expect(text).toMatch(/^Томск, Tue, 24 November: 1 visit/);
    expect(question.choices.every(({ id }) => id.length <= 40)).toBe(true);
  });

  it('is the own day of somebody who is a doctor too, unless a branch is named', async () => {
    expect((await ask('ownerDoctor', '/today')).text).toMatch(/^Mon, 23 November: 1 visit/);
    expect((await ask('ownerDoctor', '/today Север')).text).toMatch(/^Север, Mon, 23 November: 5 visits/);
  });

  it('fits one message: what does not is counted', async () => {
    for (let index = 0; index < 90; index += 1) {
      const start = new Date(Date.parse('2026-12-07T06:00:00Z') + index * 60_000).toISOString();
      await visit(`many-${index}`, start, { doctor: 'orlov' });
    }
    const { text } = await ask('reception', '/day 07.12');
    const shown = text.split('\n').filter((line) => /^\d\d:/.test(line)).length;
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(text.endsWith(`… and ${90 - shown} more`)).toBe(true);
    expect(shown).toBeGreaterThan(50);
  });
});
