import { describe, expect, it } from '@jest/globals';
import { birthDaysKeptOn, birthdayOn, nextBirthdayYear } from '../../src/scenarios/birthday-date.ts';
import { BIRTHDAY } from '../../src/scenarios/catalogue.ts';
import { offerUntil } from '../../src/scenarios/offer.ts';
import { type Differences, decideAt, patientFacts, realRender, short } from '../support/scenario-facts.ts';

const render = await realRender();
const OFFER = { birthday: { percent: 10, validDays: 7 } } as const;
const base: Differences = {
  patient: { birthDate: '1985-11-24' },
  branch: { bookingUrl: 'https://book.example' },
  settings: OFFER,
};
const NOON = '2026-11-24T09:00:00Z';
const decided = (different: Differences, now = NOON): string =>
  short(decideAt('birthday', { ...base, ...different }, now, render));

describe('The birthday message', () => {
  it('goes at 12:00 of the day, up to 20:00', () => {
    expect(BIRTHDAY.moment(patientFacts(base))).toMatchObject({
      at: new Date('2026-11-24T09:00:00Z'),
      latestAt: new Date('2026-11-24T17:00:00Z'),
    });
    expect(decided({})).toMatch(/^send/);
    expect(decided({}, '2026-11-24T17:00:00Z')).toBe('skip tooLate');
  });

  it('goes daysBefore days ahead, also over the turn of the year', () => {
    const settings = { birthday: { ...OFFER.birthday, daysBefore: 30 } };
    const patient = { birthDate: '1985-01-10' };
    expect(BIRTHDAY.moment(patientFacts({ ...base, patient, settings, year: 2027 }))?.at).toEqual(
      new Date('2026-12-11T09:00:00Z'),
    );
  });

  it('bornToday: not when the birth date was entered on the birthday itself', () => {
    const entered = (instant: string) => ({
      patient: { birthDate: '1985-11-24', birthDateEnteredAt: new Date(instant) },
    });
    expect(decided(entered('2026-11-24T06:00:00Z'))).toBe('skip bornToday');
    expect(decided(entered('2026-11-23T20:59:59Z'))).toMatch(/^send/);
    expect(decided(entered('2026-11-23T21:00:00Z'))).toBe('skip bornToday');
  });

  it('alreadySent: once a year', () => {
    expect(decided({ greetedYears: [2026] })).toBe('skip alreadySent');
    expect(decided({ greetedYears: [2025] })).toMatch(/^send/);
  });

  it('noWarmup and noBooking: only to warmed patients of a clinic that books', () => {
    expect(decided({ warmedAt: null })).toBe('skip noWarmup');
    expect(decided({ branch: {} })).toBe('skip noBooking');
  });

  it('advertisingRefused: it is advertising', () => {
    expect(decided({ patient: { birthDate: '1985-11-24', consent: { advertising: false } } })).toBe(
      'skip advertisingRefused',
    );
  });

  it('says percent and last day, and names services other than all', () => {
    const decision = decideAt('birthday', base, NOON, render);
    expect(decision).toMatchObject({
      text: 'Мария, с днём рождения! Дарим вам скидку 10% на все услуги по 30 ноября включительно. Записать вас?',
      opening: { id: 'offer.maria.2026', machine: 'offer', expiresAt: new Date('2026-11-30T20:59:59.999Z') },
    });
    const settings = { birthday: { ...OFFER.birthday, services: 'чистку зубов' } };
    const other = decideAt('birthday', { ...base, settings }, NOON, render);
    expect(other).toMatchObject({ text: expect.stringContaining('скидку 10% на чистку зубов') });
  });
});

describe('The birthday itself', () => {
  it('is kept on 28 February in common years when it is the 29th', () => {
    expect(birthdayOn('1988-02-29', 2027)).toBe('2027-02-28');
    expect(birthdayOn('1988-02-29', 2028)).toBe('2028-02-29');
    expect(birthDaysKeptOn('2027-02-28')).toEqual(['02-28', '02-29']);
    expect(birthDaysKeptOn('2028-02-28')).toEqual(['02-28']);
    expect(birthDaysKeptOn('2028-02-29')).toEqual(['02-29']);
  });

  it('of next year is the next one once this year’s message day is over', () => {
    const now = new Date('2026-11-24T09:00:00Z');
    expect(nextBirthdayYear('1985-11-24', 0, now)).toBe(2026);
    expect(nextBirthdayYear('1985-11-23', 0, now)).toBe(2027);
    expect(nextBirthdayYear('1985-12-20', 30, now)).toBe(2027);
  });
});

describe('The offer', () => {
  it('holds validDays days from the day of the message, the last one whole', () => {
    expect(offerUntil(patientFacts(base), new Date(NOON))).toEqual(new Date('2026-11-30T20:59:59.999Z'));
  });

  it('ends by the wall clock when the clocks change in between', () => {
    const rome = patientFacts({ ...base, branch: { timezone: 'Europe/Rome' } });
    expect(offerUntil(rome, new Date('2026-10-20T10:00:00Z'))).toEqual(new Date('2026-10-26T22:59:59.999Z'));
  });
});
