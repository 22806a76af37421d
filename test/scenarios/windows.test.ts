import { describe, expect, it } from '@jest/globals';
import {
  addDays,
  atLocal,
  daysBetween,
  defer,
  endOfDay,
  eveningBeforeVisit,
  isWithin,
  lastEveningBefore,
} from '../../src/scenarios/windows.ts';

const ROME = 'Europe/Rome';
const NEW_YORK = 'America/New_York';
const LORD_HOWE = 'Australia/Lord_Howe';
const MOSCOW = 'Europe/Moscow';
const DAY = { from: '09:00', to: '21:00' };
const at = (instant: string): Date => new Date(instant);

describe('A local time', () => {
  it.each([
    [ROME, '2026-07-01', '12:00', '2026-07-01T10:00:00.000Z'],
    [ROME, '2026-12-01', '12:00', '2026-12-01T11:00:00.000Z'],
    [MOSCOW, '2026-07-01', '12:00', '2026-07-01T09:00:00.000Z'],
    [NEW_YORK, '2026-07-01', '00:00', '2026-07-01T04:00:00.000Z'],
    [LORD_HOWE, '2026-01-15', '12:00', '2026-01-15T01:00:00.000Z'],
    [LORD_HOWE, '2026-07-15', '12:00', '2026-07-15T01:30:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-24', '10:00', '2026-11-23T20:00:00.000Z'],
    ['Pacific/Pago_Pago', '2026-11-24', '10:00', '2026-11-24T21:00:00.000Z'],
  ])('of %s on %s at %s is one instant', (zone, day, time, instant) => {
    expect(atLocal(day, time, zone).toISOString()).toBe(instant);
  });

  it.each([
    [ROME, '2026-03-29', '02:30', '2026-03-29T01:00:00.000Z'],
    [ROME, '2026-03-29', '02:00', '2026-03-29T01:00:00.000Z'],
    [NEW_YORK, '2026-03-08', '02:15', '2026-03-08T07:00:00.000Z'],
    [LORD_HOWE, '2026-10-04', '02:15', '2026-10-03T15:30:00.000Z'],
    ['Africa/Cairo', '2026-04-24', '00:00', '2026-04-23T22:00:00.000Z'],
  ])('that a gap of %s leaves out (%s %s) is the next valid instant', (zone, day, time, instant) => {
    expect(atLocal(day, time, zone).toISOString()).toBe(instant);
  });

  it.each([
    [ROME, '2026-10-25', '02:30', '2026-10-25T00:30:00.000Z'],
    [NEW_YORK, '2026-11-01', '01:30', '2026-11-01T05:30:00.000Z'],
    [LORD_HOWE, '2026-04-05', '01:45', '2026-04-04T14:45:00.000Z'],
  ])('that comes twice in %s (%s %s) is its first occurrence', (zone, day, time, instant) => {
    expect(atLocal(day, time, zone).toISOString()).toBe(instant);
  });

  it('just around a change of the clocks is what the wall shows', () => {
    expect(atLocal('2026-03-29', '01:59', ROME).toISOString()).toBe('2026-03-29T00:59:00.000Z');
    expect(atLocal('2026-03-29', '03:00', ROME).toISOString()).toBe('2026-03-29T01:00:00.000Z');
    expect(atLocal('2026-10-25', '03:00', ROME).toISOString()).toBe('2026-10-25T02:00:00.000Z');
  });

  it('ends a day with its last millisecond, also one of 23 or 25 hours', () => {
    expect(endOfDay('2026-03-29', ROME).toISOString()).toBe('2026-03-29T21:59:59.999Z');
    expect(endOfDay('2026-10-25', ROME).toISOString()).toBe('2026-10-25T22:59:59.999Z');
  });
});

describe('Calendar days', () => {
  it('are counted over months and leap days', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2027-01-01', -1)).toBe('2026-12-31');
    expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2);
  });
});

describe('A window', () => {
  it('includes its start and not its end', () => {
    expect(isWithin(at('2026-11-24T06:00:00Z'), DAY, MOSCOW)).toBe(true);
    expect(isWithin(at('2026-11-24T05:59:59Z'), DAY, MOSCOW)).toBe(false);
    expect(isWithin(at('2026-11-24T18:00:00Z'), DAY, MOSCOW)).toBe(false);
    expect(isWithin(at('2026-11-24T17:59:59Z'), DAY, MOSCOW)).toBe(true);
  });

  it('is open by the wall clock on days when the clocks change', () => {
    expect(isWithin(at('2026-03-29T07:00:00Z'), DAY, ROME)).toBe(true);
    expect(isWithin(at('2026-03-29T06:59:00Z'), DAY, ROME)).toBe(false);
    expect(isWithin(at('2026-10-25T08:00:00Z'), DAY, ROME)).toBe(true);
    expect(isWithin(at('2026-10-25T07:59:00Z'), DAY, ROME)).toBe(false);
  });

  it('that defers gives its next start, or the instant itself', () => {
    expect(defer(at('2026-11-24T04:00:00Z'), DAY, MOSCOW)).toEqual(at('2026-11-24T06:00:00Z'));
    expect(defer(at('2026-11-24T18:00:00Z'), DAY, MOSCOW)).toEqual(at('2026-11-25T06:00:00Z'));
    expect(defer(at('2026-11-24T12:34:56Z'), DAY, MOSCOW)).toEqual(at('2026-11-24T12:34:56Z'));
  });

  it('that defers over a night in which the clocks change keeps to the wall clock', () => {
    expect(defer(at('2026-03-28T21:30:00Z'), DAY, ROME)).toEqual(at('2026-03-29T07:00:00Z'));
    expect(defer(at('2026-10-24T20:30:00Z'), DAY, ROME)).toEqual(at('2026-10-25T08:00:00Z'));
    expect(defer(at('2026-10-31T23:00:00Z'), DAY, NEW_YORK)).toEqual(at('2026-10-31T23:00:00Z'));
    expect(defer(at('2026-11-01T02:00:00Z'), DAY, NEW_YORK)).toEqual(at('2026-11-01T14:00:00Z'));
  });
});

describe('The last evening before a moment', () => {
  it('is 20:00 of the same day for a moment after it', () => {
    expect(lastEveningBefore(at('2026-11-23T19:00:00Z'), DAY, MOSCOW)).toEqual(at('2026-11-23T17:00:00Z'));
  });

  it('is 20:00 of the day before for a moment in the morning', () => {
    expect(lastEveningBefore(at('2026-11-23T05:00:00Z'), DAY, MOSCOW)).toEqual(at('2026-11-22T17:00:00Z'));
  });

  it('is not asked for inside the window', () => {
    expect(lastEveningBefore(at('2026-11-23T06:00:00Z'), DAY, MOSCOW)).toEqual(at('2026-11-23T06:00:00Z'));
  });

  it.each([
    [{ from: '09:00', to: '19:00' }, '18:00'],
    [{ from: '09:00', to: '20:00' }, '19:00'],
    [{ from: '09:00', to: '20:30' }, '20:00'],
    [{ from: '18:30', to: '19:00' }, '18:30'],
    [{ from: '20:30', to: '22:00' }, '20:30'],
  ])('lies in the last hour of a window %j that ends earlier: %s', (hours, time) => {
    const expected = atLocal('2026-11-22', time, MOSCOW);
    expect(lastEveningBefore(at('2026-11-23T05:00:00Z'), hours, MOSCOW)).toEqual(expected);
  });
});

describe('The evening before a visit', () => {
  it('is 20:00 of the day before the visit, not of the day before the moment', () => {
    const visit = at('2026-11-25T03:00:00Z');
    const moment = at('2026-11-23T03:00:00Z');
    expect(eveningBeforeVisit(moment, visit, DAY, MOSCOW)).toEqual(at('2026-11-24T17:00:00Z'));
  });
});
