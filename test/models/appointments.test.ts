import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AppointmentBody } from '../../src/core/appointment.ts';
import type { AppointmentEvent, Follower } from '../../src/core/follower.ts';
import { appointmentContract } from '../contracts/appointments.ts';
import { quietLog } from '../support/quiet-log.ts';
import { buildBooking, buildPatient, buildVisit, MONDAY } from '../support/stored-clinic.ts';
import { openTestStores } from '../support/stores.ts';

const log = quietLog();
const { stores, follow, catchUp } = await openTestStores({ log });
const { appointments, changes, patients, simulator } = stores;

let heard: string[] = [];
let deaf = false;
let onEvent: (event: AppointmentEvent) => Promise<void> = async () => {};
const follower: Follower = {
  appointmentChanged: async (event) => {
    if (deaf) throw new Error('deaf');
    heard.push(`${event.kind} ${event.appointment.id} ${event.appointment.rev}`);
    await onEvent(event);
  },
  patientChanged: async () => {},
  settingsChanged: async () => {},
};
follow(follower);

beforeEach(async () => {
  await simulator.reset();
  heard = [];
  deaf = false;
  onEvent = async () => {};
});

appointmentContract({ name: 'The stored appointments', create: async () => appointments });

const NOON = new Date('2026-11-23T09:00:00Z');
const put = (body: Partial<AppointmentBody> = {}, id = 'visit', by: 'clinic' | 'staff' = 'clinic') =>
  appointments.put(id, buildVisit(body), { at: MONDAY, by, quiet: false });

describe('Followers', () => {
  it('hear of a first storing, a change, a move, a cancellation and a removal', async () => {
    await put();
    await put({ notes: 'x' });
    await put({ notes: 'x', doctor: 'orlov' });
    await put({ notes: 'x', doctor: 'orlov', status: 'cancelled' });
    await appointments.remove('visit', NOON);
    expect(heard).toEqual([
      'stored visit 1',
      'changed visit 2',
      'moved visit 3',
      'cancelled visit 4',
      'removed visit 5',
    ]);
    expect(await appointments.unheard()).toEqual([]);
  });

  it('hear of steps and bookings in chat', async () => {
    await appointments.book(buildBooking(), MONDAY);
    await appointments.step('booked', { kind: 'cancel' }, { at: NOON, by: 'patient' });
    expect(heard).toEqual(['stored booked 1', 'cancelled booked 2']);
  });

  it('do not hear of an equal PUT or a repeated step', async () => {
    await put();
    await put();
    await appointments.step('visit', { kind: 'confirm' }, { at: NOON, by: 'patient' });
    await appointments.step('visit', { kind: 'confirm' }, { at: NOON, by: 'patient' });
    expect(heard).toEqual(['stored visit 1', 'changed visit 2']);
  });

  it('that fail leave the commit standing and are told later', async () => {
    deaf = true;
    await put();
    expect(await appointments.unheard()).toEqual(['visit']);
    expect(log.lines.at(-1)).toEqual({
      level: 'error',
      event: 'follower.failed',
      fields: { what: 'appointment', id: 'visit', error: 'Error' },
    });
    deaf = false;
    await catchUp();
    expect(heard).toEqual(['stored visit 1']);
    expect(await appointments.unheard()).toEqual([]);
  });

  it('that slept through several changes hear what became of them together', async () => {
    await put();
    deaf = true;
    await put({ doctor: 'orlov' });
    await put({ doctor: 'orlov', notes: 'x' });
    deaf = false;
    await catchUp();
    expect(heard).toEqual(['stored visit 1', 'moved visit 3']);
  });

  it('may write to the appointment that they are told of', async () => {
    onEvent = async ({ kind }) => {
      if (kind === 'stored') await appointments.step('visit', { kind: 'confirm' }, { at: NOON, by: 'staff' });
    };
    await put();
    expect(heard).toEqual(['stored visit 1', 'changed visit 2']);
    expect(await appointments.unheard()).toEqual([]);
  });

  it('hear the newest state last when many write at once', async () => {
    await put();
    await Promise.all(Array.from({ length: 10 }, (_, n) => put({ notes: `note ${n}` })));
    expect(heard.at(-1)).toBe('changed visit 11');
    expect(await appointments.unheard()).toEqual([]);
  });

  it('are marked as having heard up to a rev, not beyond', async () => {
    deaf = true;
    await put();
    await put({ notes: 'x' });
    await appointments.heard('visit', 1);
    expect(await appointments.unheard()).toEqual(['visit']);
    await appointments.heard('visit', 2);
    expect(await appointments.unheard()).toEqual([]);
  });
});

describe('The list of changes', () => {
  it('says what the patient did in chat, in order', async () => {
    await put();
    const meta = { at: NOON, by: 'patient' } as const;
    await appointments.step('visit', { kind: 'confirm' }, meta);
    const move = { start: new Date('2026-11-25T07:00:00Z'), end: new Date('2026-11-25T07:30:00Z'), doctor: 'orlov' };
    await appointments.step('visit', { kind: 'move', ...move, status: 'unconfirmed' }, meta);
    await appointments.step('visit', { kind: 'cancel' }, meta);
    await appointments.book(buildBooking(), NOON);
    const { items } = await changes.list(null, { limit: 10 });
    expect(items.map(({ key, change, by }) => `${key} ${change} ${by}`)).toEqual([
      'visit confirmed patient',
      'visit moved patient',
      'visit cancelled patient',
      'booked booked patient',
    ]);
  });

  it('does not tell the clinic its own words', async () => {
    await put({ status: 'confirmed' });
    expect((await changes.list(null, { limit: 10 })).items).toEqual([]);
  });

  it('is fed before followers are marked as told, and once', async () => {
    await put();
    deaf = true;
    await appointments.step('visit', { kind: 'confirm' }, { at: NOON, by: 'patient' });
    deaf = false;
    await catchUp();
    await catchUp();
    expect((await changes.list(null, { limit: 10 })).items).toHaveLength(1);
  });

  it('gives ids without gaps in the order of storing, and each change once', async () => {
    const at = { type: 'appointment', change: 'confirmed', at: NOON, by: 'patient' } as const;
    await Promise.all(Array.from({ length: 20 }, (_, n) => changes.add({ ...at, key: `v${n}` }, `u${n % 10}`)));
    const { items } = await changes.list(null, { limit: 50 });
    expect(items.map(({ id }) => Number(id))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect((await changes.list(items[7]?.id ?? '', { limit: 50 })).items.map(({ id }) => Number(id))).toEqual([9, 10]);
  });

  it('refuses an id that no change has', async () => {
    await expect(Promise.resolve().then(() => changes.list('zzz', { limit: 5 }))).rejects.toMatchObject({
      code: 'invalid',
      details: [{ path: 'after', message: 'is not the id of a change' }],
    });
  });
});

describe('A birthday discount', () => {
  const until = new Date('2026-11-26T21:00:00Z');

  beforeEach(async () => {
    await patients.put('maria', buildPatient(), MONDAY, 'clinic');
    await patients.startDiscount('maria', { percent: 15, until, year: 2026, branch: 'north' }, MONDAY);
  });

  it('that runs is carried by a visit that starts before its end', async () => {
    expect((await put()).document.discount).toEqual({ percent: 15, source: 'birthday', year: 2026 });
    expect((await appointments.book(buildBooking(), MONDAY)).discount).toMatchObject({ percent: 15 });
  });

  it('is not carried by a visit after its end or before its start', async () => {
    const after = { start: until, end: new Date('2026-11-26T21:30:00Z') };
    expect((await put(after)).document).not.toHaveProperty('discount');
    const before = { start: new Date('2026-11-20T07:00:00Z'), end: new Date('2026-11-20T07:30:00Z') };
    expect((await put(before, 'past')).document).not.toHaveProperty('discount');
  });

  it('is lost by a visit that moves behind its end', async () => {
    await put();
    const after = { start: until, end: new Date('2026-11-26T21:30:00Z') };
    expect((await put(after)).document).not.toHaveProperty('discount');
  });

  it('stays with a completed visit when it is over', async () => {
    await put();
    await patients.endDiscount('maria', 2026, NOON);
    expect((await put({ status: 'completed' })).document.discount).toMatchObject({ percent: 15 });
  });
});
