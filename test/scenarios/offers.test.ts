import { beforeEach, describe, expect, it } from '@jest/globals';
import { openScenarioHouse } from '../support/scenario-house.ts';

const house = await openScenarioHouse();
const { stores, clock } = house;
const maria = { patient: 'maria' };
const at = (instant: string): Date => new Date(instant);
const VISIT = { start: at('2026-11-20T11:00:00Z'), end: at('2026-11-20T11:30:00Z') };
const birthdayRows = () => house.rows(maria, 'birthday');

beforeEach(async () => {
  await house.fill({
    on: ['details', 'birthday'],
    branch: { bookingUrl: 'https://book.example' },
    patient: { birthDate: '1985-11-24' },
  });
  await house.settings('birthday', { percent: 10, validDays: 7 });
  await house.visit('visit', { ...VISIT, end: at('2026-11-20T12:30:00Z'), start: at('2026-11-20T12:00:00Z') });
  await house.to('2026-11-20T09:10:00Z');
});

describe('Birthdays', () => {
  it('are planned some days ahead, once', async () => {
    await house.planner.birthdays.run(at('2026-11-20T00:00:00Z'));
    expect(await birthdayRows()).toEqual([]);
    await house.planner.birthdays.run(at('2026-11-21T00:00:00Z'));
    clock.set('2026-11-22T00:00:00Z');
    await house.planner.birthdays.run(clock.now());
    expect(await birthdayRows()).toEqual(['birthday 1.2026 planned 11-24T09:00']);
    expect(await house.planner.birthdays.nextAt()).toEqual(at('2026-11-23T00:00:00Z'));
  });

  it('show what they would say, also while the kill switch holds them', async () => {
    clock.set('2026-11-22T00:00:00Z');
    await house.planner.birthdays.planAll(clock.now());
    const planned = await house.row('birthday|p:maria|1|2026');
    await stores.killSwitch.set(true, clock.now());
    expect(await house.decider.lookAtPlanned(planned, clock.now())).toMatchObject({ channel: 'whatsapp', price: 100 });
  });

  it('follow a changed setting, and the birth date', async () => {
    clock.set('2026-11-21T00:00:00Z');
    await house.settings('birthday', { daysBefore: 1 });
    expect(await birthdayRows()).toEqual(['birthday 1.2026 planned 11-23T09:00']);
    await house.patient('maria', { birthDate: '1985-11-25' });
    expect(await birthdayRows()).toEqual(['birthday 1.2026 planned 11-24T09:00']);
  });

  it('keep the old moment where a changed setting puts the new one into the past', async () => {
    clock.set('2026-11-22T00:00:00Z');
    await house.planner.birthdays.planAll(clock.now());
    await house.settings('birthday', { daysBefore: 10 });
    expect(await birthdayRows()).toEqual(['birthday 1.2026 planned 11-24T09:00']);
  });

  it('alreadySent: bring no second message when the birth date is corrected in the year', async () => {
    clock.set('2026-11-24T06:00:00Z');
    await house.patient('maria', { birthDate: '1985-11-24', firstName: 'Маша' });
    await house.to('2026-11-24T10:00:00Z');
    expect(await birthdayRows()).toEqual(['birthday 1.2026 sent 11-24T09:00']);
    clock.set('2026-11-26T06:00:00Z');
    await house.patient('maria', { birthDate: '1985-11-27' });
    expect(await birthdayRows()).toEqual(['birthday 1.2026 sent 11-24T09:00']);
    expect((await stores.skips.ofSubject(maria)).map(({ reason }) => reason)).toEqual(['alreadySent']);
  });

  it('have the branch of the latest visit that was not cancelled', async () => {
    const { timezone: _zone, ...north } = (await stores.branches.get('north')) ?? { timezone: '' };
    await stores.branches.put('rome', { ...north, timezone: 'Europe/Rome' } as never, clock.now(), 'clinic');
    await house.visit('next', { branch: 'rome' });
    await house.visit('last', {
      start: at('2026-11-30T07:00:00Z'),
      end: at('2026-11-30T08:00:00Z'),
      status: 'cancelled',
    });
    clock.set('2026-11-22T00:00:00Z');
    await house.planner.birthdays.planAll(clock.now());
    expect(await birthdayRows()).toEqual(['birthday 1.2026 planned 11-24T11:00']);
  });

  it('of patients without a visit are not planned', async () => {
    await house.patient('new', { birthDate: '1990-11-24', phones: ['+79160000000'] });
    clock.set('2026-11-22T00:00:00Z');
    await house.planner.birthdays.planAll(clock.now());
    expect(await house.rows({ patient: 'new' })).toEqual([]);
  });
});

describe('The birthday discount', () => {
  const send = async (): Promise<void> => {
    clock.set('2026-11-22T00:00:00Z');
    await house.planner.birthdays.planAll(clock.now());
    await house.to('2026-11-24T09:00:00Z');
  };
  const discountOf = async (id: string) => (await stores.appointments.get(id))?.discount ?? null;
  const CARRIED = { percent: 10, source: 'birthday', year: 2026 };

  it('is on the card from the message on, and on visits that start while it holds', async () => {
    await house.visit('within', { start: at('2026-11-28T07:00:00Z'), end: at('2026-11-28T07:30:00Z') });
    await house.visit('beyond', { start: at('2026-12-01T07:00:00Z'), end: at('2026-12-01T07:30:00Z') });
    await send();
    expect((await stores.patients.get('maria'))?.birthdayDiscount).toEqual({
      percent: 10,
      year: 2026,
      branch: 'north',
      until: at('2026-11-30T20:59:59.999Z'),
    });
    expect(await discountOf('within')).toEqual(CARRIED);
    expect(await discountOf('beyond')).toBeNull();
  });

  it('starts once, however often the sending is told of', async () => {
    await send();
    await house.settings('birthday', { percent: 50 });
    await house.decider.sent(await house.row('birthday|p:maria|1|2026'), clock.now());
    expect((await stores.patients.get('maria'))?.birthdayDiscount?.percent).toBe(10);
  });

  it('ends at the end of its last day', async () => {
    await send();
    expect(await house.offers.nextAt()).toEqual(at('2026-11-30T20:59:59.999Z'));
    await house.offers.run(at('2026-11-30T20:59:59.998Z'));
    expect((await stores.patients.get('maria'))?.birthdayDiscount).toBeDefined();
    await house.offers.run(at('2026-11-30T20:59:59.999Z'));
    expect((await stores.patients.get('maria'))?.birthdayDiscount).toBeUndefined();
    expect(await house.offers.nextAt()).toBeNull();
  });

  it('ends when a visit that carries it is completed; later ones carry none', async () => {
    await house.visit('within', { start: at('2026-11-25T07:00:00Z'), end: at('2026-11-25T07:30:00Z') });
    await house.visit('later', { start: at('2026-11-28T07:00:00Z'), end: at('2026-11-28T07:30:00Z') });
    await send();
    clock.set('2026-11-25T08:00:00Z');
    await house.visit('within', {
      start: at('2026-11-25T07:00:00Z'),
      end: at('2026-11-25T07:30:00Z'),
      status: 'completed',
    });
    expect((await stores.patients.get('maria'))?.birthdayDiscount).toBeUndefined();
    expect(await discountOf('within')).toEqual(CARRIED);
    expect(await discountOf('later')).toBeNull();
  });

  it('does not end with a visit that carries none', async () => {
    await send();
    await house.visit('visit', {
      start: at('2026-11-20T12:00:00Z'),
      end: at('2026-11-20T12:30:00Z'),
      status: 'completed',
    });
    expect((await stores.patients.get('maria'))?.birthdayDiscount).toBeDefined();
  });
});
