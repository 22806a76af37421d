import { describe, expect, it } from '@jest/globals';
import type { AppointmentStatus } from '../../src/core/appointment.ts';
import type { ScenarioKey } from '../../src/core/scenario.ts';
import { type Differences, decideAt, realRender, short } from '../support/scenario-facts.ts';
import { plannedMoment, visitBrief } from '../support/visit-rules.ts';

const render = await realRender();
const at = (instant: string): Date => new Date(instant);
const decided = (key: ScenarioKey, different: Differences, now: string): string =>
  short(decideAt(key, different, now, render));
const between = (start: string, end: string) => ({ start: at(start), end: at(end) });

describe('recommendationsAfter', () => {
  const services = [{ recommendationsAfter: 'Пейте воду.' }];

  it('goes five minutes after the end, up to 24 hours after it', () => {
    expect(plannedMoment('recommendationsAfter')).toBe('11-24T07:35 to 11-25T07:30');
  });

  it('is put off to 08:00 when the visit ends at night', () => {
    const appointment = between('2026-11-24T18:30:00Z', '2026-11-24T19:00:00Z');
    expect(plannedMoment('recommendationsAfter', { appointment })).toBe('11-25T05:00 to 11-25T19:00');
  });

  it('noRecommendations: only for services whose field is filled', () => {
    const appointment = { status: 'started' } as const;
    const now = '2026-11-24T07:35:00Z';
    expect(decided('recommendationsAfter', { appointment }, now)).toBe('skip noRecommendations');
    expect(decided('recommendationsAfter', { appointment, services: [{ recommendationsAfter: ' ' }] }, now)).toBe(
      'skip noRecommendations',
    );
    expect(decided('recommendationsAfter', { appointment, services }, now)).toMatch(/^send/);
  });

  it('counts from the end, however early the status came', () => {
    const appointment = { status: 'completed', statusAt: at('2026-11-24T07:10:00Z') } as const;
    expect(decided('recommendationsAfter', { appointment, services }, '2026-11-24T07:10:00Z')).toBe(
      'wait 2026-11-24T07:35:00.000Z',
    );
  });
});

describe('survey', () => {
  const now = '2026-11-24T10:30:00Z';
  const done = { status: 'completed' } as const;

  it('goes afterHours after the end, up to 48 hours after it', () => {
    expect(plannedMoment('survey')).toBe('11-24T10:30 to 11-26T07:30');
    expect(plannedMoment('survey', { settings: { survey: { afterHours: 0 } } })).toBe('11-24T07:30 to 11-26T07:30');
  });

  it('is put off to the next 10:00', () => {
    const appointment = between('2026-11-24T14:00:00Z', '2026-11-24T14:30:00Z');
    expect(plannedMoment('survey', { appointment })).toBe('11-25T07:00 to 11-26T14:30');
  });

  it('telemedicine: not for telemedicine booked through ПроДокторов', () => {
    const appointment = { ...done, source: 'telemedicine' } as const;
    expect(decided('survey', { appointment: { ...appointment, partner: 'prodoctorov' } }, now)).toBe(
      'skip telemedicine',
    );
    expect(decided('survey', { appointment: { ...appointment, partner: 'other' } }, now)).toMatch(/^send/);
  });

  it('notLastOfDay: asks once a doctor a day, after the last visit that took place', () => {
    const later = (status: AppointmentStatus) => ({
      appointment: done,
      visits: [visitBrief('later', '2026-11-24T09:00:00Z', status)],
    });
    expect(decided('survey', later('completed'), now)).toBe('skip notLastOfDay');
    expect(decided('survey', later('unconfirmed'), now)).toBe('skip notLastOfDay');
    expect(decided('survey', later('cancelled'), now)).toMatch(/^send/);
    expect(decided('survey', later('noShow'), now)).toMatch(/^send/);
    const other = [visitBrief('later', '2026-11-24T09:00:00Z', 'completed', { doctor: 'other' })];
    expect(decided('survey', { appointment: done, visits: other }, now)).toMatch(/^send/);
    const tomorrow = [visitBrief('later', '2026-11-25T09:00:00Z', 'unconfirmed')];
    expect(decided('survey', { appointment: done, visits: tomorrow }, now)).toMatch(/^send/);
  });

  it('recentlyAsked: not within repeatDays of an answered survey on the same doctor', () => {
    const asked = { appointment: done, answeredAt: at('2026-11-17T20:00:00Z') };
    const repeat = (repeatDays: number) => ({ ...asked, settings: { survey: { repeatDays } } });
    expect(decided('survey', repeat(8), now)).toBe('skip recentlyAsked');
    expect(decided('survey', repeat(7), now)).toMatch(/^send/);
    expect(decided('survey', repeat(0), now)).toMatch(/^send/);
  });
});

describe('returnAfterNoShow', () => {
  const missed = (statusAt: string): Differences => ({
    appointment: { status: 'noShow', statusAt: at(statusAt) },
    branch: { bookingUrl: 'https://book.example' },
  });
  const now = '2026-11-25T07:00:00Z';

  it('goes at 10:00 of the day after the visit, up to 20:00 of the third', () => {
    expect(plannedMoment('returnAfterNoShow', missed('2026-11-24T08:00:00Z'))).toBe('11-25T07:00 to 11-27T17:00');
  });

  it('goes in the next window when the status comes later', () => {
    expect(plannedMoment('returnAfterNoShow', missed('2026-11-25T12:00:00Z'))).toBe('11-25T12:00 to 11-27T17:00');
    expect(plannedMoment('returnAfterNoShow', missed('2026-11-25T18:00:00Z'))).toBe('11-26T07:00 to 11-27T17:00');
  });

  it('tooLate when the status comes after the third day', () => {
    expect(decided('returnAfterNoShow', missed('2026-11-28T08:00:00Z'), '2026-11-28T08:00:00Z')).toBe('skip tooLate');
  });

  it('futureVisit: not when the patient has another visit ahead', () => {
    const ahead = visitBrief('next', '2026-12-01T07:00:00Z', 'unconfirmed', { bookedAt: at('2026-11-01T09:00:00Z') });
    const base = missed('2026-11-24T08:00:00Z');
    expect(decided('returnAfterNoShow', { ...base, visits: [ahead] }, now)).toBe('skip futureVisit');
    expect(decided('returnAfterNoShow', { ...base, visits: [{ ...ahead, status: 'cancelled' }] }, now)).toMatch(
      /^send/,
    );
  });

  it('noWarmup: not when no warming message came within 365 days', () => {
    const base = missed('2026-11-24T08:00:00Z');
    expect(decided('returnAfterNoShow', { ...base, warmedAt: null }, now)).toBe('skip noWarmup');
    expect(decided('returnAfterNoShow', { ...base, warmedAt: at('2025-11-25T06:59:59Z') }, now)).toBe('skip noWarmup');
    expect(decided('returnAfterNoShow', { ...base, warmedAt: at('2025-11-25T07:00:00Z') }, now)).toMatch(/^send/);
  });

  it('noBooking: not without a link and without slots ever given', () => {
    const base = missed('2026-11-24T08:00:00Z');
    expect(decided('returnAfterNoShow', { ...base, branch: {} }, now)).toBe('skip noBooking');
    expect(
      decided('returnAfterNoShow', { ...base, branch: { slotsGivenAt: at('2026-01-01T00:00:00Z') } }, now),
    ).toMatch(/^send/);
  });
});

describe('returnAfterCancellation', () => {
  const cancelled = (statusAt: string): Differences => ({
    appointment: { status: 'cancelled', statusAt: at(statusAt) },
    branch: { bookingUrl: 'https://book.example' },
  });

  it('goes at 10:00 of the day after the cancellation, up to 20:00 of the third', () => {
    expect(plannedMoment('returnAfterCancellation', cancelled('2026-11-21T08:00:00Z'))).toBe(
      '11-22T07:00 to 11-24T17:00',
    );
  });

  it('goes the day after the visit where the setting says so', () => {
    const settings = { returnAfterCancellation: { countFrom: 'visit' } } as const;
    expect(plannedMoment('returnAfterCancellation', { ...cancelled('2026-11-21T08:00:00Z'), settings })).toBe(
      '11-25T07:00 to 11-27T17:00',
    );
  });

  it('tooLate: not for a visit more than three days past when first seen', () => {
    expect(plannedMoment('returnAfterCancellation', cancelled('2026-11-27T08:00:00Z'))).toBe(
      '11-28T07:00 to 11-30T17:00',
    );
    expect(decided('returnAfterCancellation', cancelled('2026-11-28T08:00:00Z'), '2026-11-29T07:00:00Z')).toBe(
      'skip tooLate',
    );
  });

  it('rebooked: not when the cancelled visit was booked again', () => {
    const base = cancelled('2026-11-21T08:00:00Z');
    const now = '2026-11-22T07:00:00Z';
    const instead = visitBrief('again', '2026-11-21T10:00:00Z', 'completed', { insteadOf: 'visit' });
    expect(decided('returnAfterCancellation', { ...base, visits: [instead] }, now)).toBe('skip rebooked');
    const since = visitBrief('again', '2026-11-21T10:00:00Z', 'completed', { bookedAt: at('2026-11-21T08:30:00Z') });
    expect(decided('returnAfterCancellation', { ...base, visits: [since] }, now)).toBe('skip rebooked');
    const before = visitBrief('other', '2026-11-21T10:00:00Z', 'completed');
    expect(decided('returnAfterCancellation', { ...base, visits: [before] }, now)).toMatch(/^send/);
  });

  it('names futureVisit before rebooked', () => {
    const ahead = visitBrief('again', '2026-12-01T10:00:00Z', 'confirmed', { insteadOf: 'visit' });
    expect(
      decided(
        'returnAfterCancellation',
        { ...cancelled('2026-11-21T08:00:00Z'), visits: [ahead] },
        '2026-11-22T07:00:00Z',
      ),
    ).toBe('skip futureVisit');
  });

  it('has no moment while the visit stands', () => {
    expect(plannedMoment('returnAfterCancellation')).toBe('none');
    expect(plannedMoment('returnAfterNoShow')).toBe('none');
  });
});
