import { Double, Long } from 'bson';
import { evaluates as raw } from './conformance-case.ts';

const evaluates = (
  operator: string,
  name: string,
  expression: unknown,
  result: { is?: unknown; error?: number },
  document?: object,
) => raw(`reference/operator/aggregation/${operator}`, `$${operator}: ${name}`, expression, result, document);
const at = (text: string): Date => new Date(text);
const DAY = at('2026-07-01T22:30:15.123Z');
const timezone = 'Asia/Jerusalem';

/** What expressions make of dates. */
export const DATES = [
  evaluates('year', 'UTC', { $year: DAY }, { is: 2026 }),
  evaluates('month', 'UTC', { $month: [DAY] }, { is: 7 }),
  evaluates('dayOfMonth', 'UTC', { $dayOfMonth: DAY }, { is: 1 }),
  evaluates('dayOfMonth', 'in a zone', { $dayOfMonth: { date: DAY, timezone } }, { is: 2 }),
  evaluates('hour', 'in a zone', { $hour: { date: DAY, timezone } }, { is: 1 }),
  evaluates('hour', 'by an offset', { $hour: { date: DAY, timezone: '-05:30' } }, { is: 17 }),
  evaluates('minute', 'UTC', { $minute: DAY }, { is: 30 }),
  evaluates('second', 'UTC', { $second: DAY }, { is: 15 }),
  evaluates('millisecond', 'UTC', { $millisecond: DAY }, { is: 123 }),
  evaluates('dayOfWeek', 'Sunday is 1', { $dayOfWeek: at('2026-07-05T00:00:00Z') }, { is: 1 }),
  evaluates('dayOfYear', 'UTC', { $dayOfYear: at('2026-02-01T00:00:00Z') }, { is: 32 }),
  evaluates('week', 'before the first Sunday is 0', { $week: at('2026-01-03T00:00:00Z') }, { is: 0 }),
  evaluates('isoWeek', 'the first week has the first Thursday', { $isoWeek: at('2027-01-01T00:00:00Z') }, { is: 53 }),
  evaluates('isoWeekYear', 'a long', { $isoWeekYear: at('2027-01-01T00:00:00Z') }, { is: Long.fromNumber(2026) }),
  evaluates('isoDayOfWeek', 'Sunday is 7', { $isoDayOfWeek: at('2026-07-05T00:00:00Z') }, { is: 7 }),
  evaluates('year', 'null makes null', { $year: '$a' }, { is: null }),
  evaluates('year', 'text is refused', { $year: 'x' }, { error: 16006 }),
  evaluates('year', 'an unknown zone is refused', { $year: { date: DAY, timezone: 'Mars/Base' } }, { error: 40485 }),
  evaluates('dateToString', 'the usual form', { $dateToString: { date: DAY } }, { is: '2026-07-01T22:30:15.123Z' }),
  evaluates(
    'dateToString',
    'a form',
    { $dateToString: { date: DAY, format: '%d/%m/%Y %H:%M' } },
    { is: '01/07/2026 22:30' },
  ),
  evaluates(
    'dateToString',
    'in a zone',
    { $dateToString: { date: DAY, format: '%Y-%m-%d %H:%M %z', timezone } },
    { is: '2026-07-02 01:30 +0300' },
  ),
  evaluates(
    'dateToString',
    'days and weeks',
    { $dateToString: { date: DAY, format: '%j %u %V %G %w %U %L %%' } },
    { is: '182 3 27 2026 4 26 123 %' },
  ),
  evaluates('dateToString', 'onNull', { $dateToString: { date: '$a', onNull: 'none' } }, { is: 'none' }),
  evaluates('dateToString', 'null makes null', { $dateToString: { date: '$a' } }, { is: null }),
  evaluates(
    'dateToString',
    'an unknown letter is refused',
    { $dateToString: { date: DAY, format: '%q' } },
    { error: 18536 },
  ),
  evaluates('dateToString', 'wants a date', { $dateToString: { format: '%Y' } }, { error: 18628 }),
  evaluates('dateTrunc', 'to the day', { $dateTrunc: { date: DAY, unit: 'day' } }, { is: at('2026-07-01T00:00:00Z') }),
  evaluates(
    'dateTrunc',
    'to the day in a zone',
    { $dateTrunc: { date: DAY, unit: 'day', timezone } },
    { is: at('2026-07-01T21:00:00Z') },
  ),
  evaluates(
    'dateTrunc',
    'to the month in a zone',
    { $dateTrunc: { date: DAY, unit: 'month', timezone } },
    { is: at('2026-06-30T21:00:00Z') },
  ),
  evaluates(
    'dateTrunc',
    'to the week from Sunday',
    { $dateTrunc: { date: DAY, unit: 'week' } },
    { is: at('2026-06-28T00:00:00Z') },
  ),
  evaluates(
    'dateTrunc',
    'to the week from Monday',
    { $dateTrunc: { date: DAY, unit: 'week', startOfWeek: 'monday' } },
    { is: at('2026-06-29T00:00:00Z') },
  ),
  evaluates(
    'dateTrunc',
    'to the quarter',
    { $dateTrunc: { date: DAY, unit: 'quarter' } },
    { is: at('2026-07-01T00:00:00Z') },
  ),
  evaluates(
    'dateTrunc',
    'to the year',
    { $dateTrunc: { date: DAY, unit: 'year' } },
    { is: at('2026-01-01T00:00:00Z') },
  ),
  evaluates(
    'dateTrunc',
    'to a quarter of an hour',
    { $dateTrunc: { date: DAY, unit: 'minute', binSize: 15 } },
    { is: at('2026-07-01T22:30:00Z') },
  ),
  evaluates(
    'dateTrunc',
    'to the hour',
    { $dateTrunc: { date: DAY, unit: 'hour' } },
    { is: at('2026-07-01T22:00:00Z') },
  ),
  evaluates('dateTrunc', 'null makes null', { $dateTrunc: { date: null, unit: 'day' } }, { is: null }),
  evaluates('dateTrunc', 'an unknown unit is refused', { $dateTrunc: { date: DAY, unit: 'moon' } }, { error: 9 }),
  evaluates(
    'dateAdd',
    'hours',
    { $dateAdd: { startDate: DAY, unit: 'hour', amount: 2 } },
    { is: at('2026-07-02T00:30:15.123Z') },
  ),
  evaluates(
    'dateAdd',
    'a month ends on its last day',
    { $dateAdd: { startDate: at('2026-01-31T10:00:00Z'), unit: 'month', amount: 1 } },
    { is: at('2026-02-28T10:00:00Z') },
  ),
  evaluates(
    'dateAdd',
    'a day over the change of the clock',
    { $dateAdd: { startDate: at('2026-03-26T10:00:00Z'), unit: 'day', amount: 1, timezone } },
    { is: at('2026-03-27T09:00:00Z') },
  ),
  evaluates(
    'dateSubtract',
    'weeks',
    { $dateSubtract: { startDate: DAY, unit: 'week', amount: 1 } },
    { is: at('2026-06-24T22:30:15.123Z') },
  ),
  evaluates(
    'dateAdd',
    'a fraction is refused',
    { $dateAdd: { startDate: DAY, unit: 'day', amount: new Double(1.5) } },
    { error: 5166405 },
  ),
  evaluates(
    'dateDiff',
    'days count midnights',
    { $dateDiff: { startDate: at('2026-01-01T23:59:00Z'), endDate: at('2026-01-02T00:01:00Z'), unit: 'day' } },
    { is: Long.fromNumber(1) },
  ),
  evaluates(
    'dateDiff',
    'months',
    { $dateDiff: { startDate: at('2026-01-31T00:00:00Z'), endDate: at('2026-03-01T00:00:00Z'), unit: 'month' } },
    { is: Long.fromNumber(2) },
  ),
  evaluates(
    'dateDiff',
    'backwards is negative',
    { $dateDiff: { startDate: at('2026-01-02T00:00:00Z'), endDate: at('2026-01-01T00:00:00Z'), unit: 'hour' } },
    { is: Long.fromNumber(-24) },
  ),
  evaluates(
    'dateDiff',
    'weeks from Monday',
    {
      $dateDiff: {
        startDate: at('2026-07-05T00:00:00Z'),
        endDate: at('2026-07-06T00:00:00Z'),
        unit: 'week',
        startOfWeek: 'mon',
      },
    },
    { is: Long.fromNumber(1) },
  ),
];
