import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AppointmentBody } from '../../src/core/appointment.ts';
import type { Message } from '../../src/core/message.ts';
import { buildDoctor, buildVisit } from '../support/stored-clinic.ts';
import { openTalkingClinic, type TalkingClinic } from '../support/talking-clinic.ts';

let clinic: TalkingClinic;

beforeEach(async () => {
  clinic = await openTalkingClinic();
  await link('lebedeva', '501');
});

async function link(doctor: string, chat: string): Promise<void> {
  const { staff } = clinic.stores;
  await staff.add({
    id: `s-${doctor}`,
    name: doctor,
    role: 'doctor',
    branches: [],
    doctor,
    createdAt: clinic.clock.now(),
  });
  await staff.link(`s-${doctor}`, { channel: 'telegram', address: chat }, clinic.clock.now());
}

async function quietly(id: string, rest: Partial<AppointmentBody> = {}): Promise<void> {
  const meta = { at: clinic.clock.now(), by: 'clinic', quiet: true } as const;
  await clinic.stores.appointments.put(id, buildVisit(rest), meta);
}

async function rows(): Promise<readonly Message[]> {
  const { items } = await clinic.stores.outbox.list({ kind: 'staff' }, { limit: 100 });
  return items.toReversed();
}

/** Every line told so far, as `chat change at before`. */
async function lines(): Promise<readonly string[]> {
  return (await rows()).flatMap(({ to, content }) =>
    (content?.parts ?? []).map(({ key, values }) =>
      [to, key.replace('conversations.note.', ''), values['at'] ?? values['count'], values['before']]
        .filter((part) => part !== '' && part !== undefined)
        .join(' | '),
    ),
  );
}

const at = (start: string) => ({ start: new Date(start), end: new Date(Date.parse(start) + 1_800_000) });

describe('A linked doctor', () => {
  it('is told when a visit of theirs is made, moved and cancelled', async () => {
    await clinic.visit('visit');
    await clinic.visit('visit', at('2026-11-25T08:00:00Z'));
    await clinic.visit('visit', { ...at('2026-11-25T08:00:00Z'), status: 'cancelled' });
    expect(await lines()).toEqual([
      '501 | made | вт, 24 ноября, 10:00',
      '501 | moved | ср, 25 ноября, 11:00 | вт, 24 ноября, 10:00',
      '501 | cancelled | ср, 25 ноября, 11:00',
    ]);
    const [row] = await rows();
    expect(row).toMatchObject({ channel: 'telegram', locale: 'ru', patient: null, named: ['maria'] });
    expect(row?.content?.parts?.[0]?.values).toMatchObject({
      patient: 'Мария Орлова',
      services: 'Чистка зубов',
      branch: 'Клиника на Тверской',
    });
  });

  it('hears of what patients do in chat too', async () => {
    await clinic.visit('visit');
    await clinic.stores.appointments.step('visit', { kind: 'confirm' }, { at: clinic.clock.now(), by: 'patient' });
    await clinic.stores.appointments.step('visit', { kind: 'cancel' }, { at: clinic.clock.now(), by: 'patient' });
    expect((await lines()).map((line) => line.split(' | ')[1])).toEqual(['made', 'cancelled']);
  });

  it('loses a visit that goes to a colleague, who is told of it if linked', async () => {
    await link('orlov', '502');
    await clinic.visit('visit');
    await clinic.visit('visit', { doctor: 'orlov', ...at('2026-11-25T08:00:00Z') });
    expect(await lines()).toEqual([
      '501 | made | вт, 24 ноября, 10:00',
      '501 | cancelled | вт, 24 ноября, 10:00',
      '502 | made | ср, 25 ноября, 11:00',
    ]);
  });

  it('is told that a removed visit is cancelled and one that came back is made', async () => {
    await clinic.visit('visit');
    await clinic.stores.appointments.remove('visit', clinic.clock.now());
    await clinic.visit('visit');
    await clinic.visit('visit', { status: 'cancelled' });
    await clinic.visit('visit');
    expect((await lines()).map((line) => line.split(' | ')[1])).toEqual([
      'made',
      'cancelled',
      'made',
      'cancelled',
      'made',
    ]);
  });

  it('gets one message a minute, whatever a batch changes, and further changes counted', async () => {
    for (let index = 0; index < 50; index += 1) {
      await clinic.visit(`v${index}`, at(new Date(Date.parse('2026-11-26T05:00:00Z') + index * 60_000).toISOString()));
    }
    const [row, ...others] = await rows();
    expect(others).toEqual([]);
    expect(row?.dueAt).toEqual(new Date('2026-11-23T06:01:00Z'));
    expect(row?.content?.parts).toHaveLength(21);
    expect((await lines()).at(-1)).toBe('501 | more | 30');
    clinic.clock.advance(60_000);
    await clinic.visit('later');
    expect((await rows()).map(({ dueAt }) => dueAt.toISOString())).toEqual([
      '2026-11-23T06:01:00.000Z',
      '2026-11-23T06:02:00.000Z',
    ]);
  });

  it('gets a further message for what comes while the first is under way', async () => {
    await clinic.visit('one');
    const [row] = await rows();
    if (row === undefined) throw new Error('no note');
    await clinic.stores.outbox.save(row, { ...row, state: 'sent', lookAt: null, sentAt: clinic.clock.now() });
    await clinic.visit('two');
    expect((await rows()).map(({ content }) => content?.parts?.length)).toEqual([1, 1]);
  });

  it('is told once, however often the followers are', async () => {
    await clinic.visit('visit');
    const appointment = await clinic.stores.appointments.get('visit');
    if (appointment === null) throw new Error('no visit');
    await clinic.engine.follower.appointmentChanged({ appointment, kind: 'stored' });
    clinic.clock.advance(180_000);
    await clinic.engine.follower.appointmentChanged({ appointment, kind: 'stored' });
    expect(await lines()).toHaveLength(1);
  });
});

describe('A doctor is told nothing', () => {
  it('of quiet imports, be it that they store, move or cancel', async () => {
    await quietly('visit');
    await quietly('visit', at('2026-11-25T08:00:00Z'));
    expect(await lines()).toEqual([]);
    await clinic.visit('visit', { ...at('2026-11-25T08:00:00Z'), status: 'cancelled' });
    expect(await lines()).toEqual(['501 | cancelled | ср, 25 ноября, 11:00']);
  });

  it('of what is past', async () => {
    await clinic.visit('visit', at('2026-11-20T08:00:00Z'));
    await clinic.visit('visit', at('2026-11-20T09:00:00Z'));
    await clinic.visit('visit', { ...at('2026-11-20T09:00:00Z'), status: 'cancelled' });
    expect(await lines()).toEqual([]);
  });

  it('of a change that leaves doctor and time as they were', async () => {
    await clinic.visit('visit');
    await clinic.visit('visit', { notes: 'x', status: 'confirmed' });
    expect(await lines()).toHaveLength(1);
  });

  it('where communications about the doctor are off, and after the link was taken away', async () => {
    await clinic.stores.doctors.put('lebedeva', buildDoctor({ memo: false }), clinic.clock.now(), 'clinic');
    await clinic.visit('one');
    await clinic.stores.doctors.put('lebedeva', buildDoctor(), clinic.clock.now(), 'clinic');
    await clinic.stores.staff.remove('s-lebedeva');
    await clinic.visit('two');
    expect(await lines()).toEqual([]);
  });

  it('of who comes to an anonymous visit', async () => {
    await clinic.visit('visit', { incognito: true });
    const [row] = await rows();
    expect(row?.content?.parts?.[0]?.values['patient']).toBe('анонимно');
    expect(row?.named).toEqual([]);
  });
});
