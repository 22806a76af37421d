import { Long } from 'bson';
import { MongoError } from '../errors.ts';
import { toInteger } from '../values/number.ts';
import { isNumeric, type Value } from '../values/value.ts';
import { DAY, monthIndex, monthStart } from './calendar.ts';
import { named } from './operands.ts';
import type { Evaluate, Operator, Scope } from './scope.ts';
import { DAYS_IN, inDays, inMonths, MONTHS_IN, MS_IN, type Unit, unitOf, weekdayOf, weekIndex } from './time-unit.ts';
import { isNothing } from './truth.ts';
import { instantIn, instantOf, wallOf, type Zone, zoneOf } from './zone.ts';

type Parts = Readonly<Record<string, Evaluate | undefined>>;

/** The values of all arguments given, or undefined when one of them is null. */
function values(parts: Parts, scope: Scope): Readonly<Record<string, Value>> | undefined {
  const out: Record<string, Value> = {};
  for (const [name, evaluate] of Object.entries(parts)) {
    const value = evaluate?.(scope);
    if (isNothing(value)) return undefined;
    out[name] = value;
  }
  return out;
}

function moved(utc: number, unit: Unit, amount: number, zone: Zone): number {
  if (!inMonths(unit) && !inDays(unit)) return utc + amount * MS_IN[unit];
  const wall = wallOf(utc, zone);
  if (inDays(unit)) return instantOf(wall.getTime() + amount * DAYS_IN[unit] * DAY, zone);
  const index = monthIndex(wall) + amount * MONTHS_IN[unit];
  const start = monthStart(index);
  const days = (monthStart(index + 1) - start) / DAY;
  const day = Math.min(wall.getUTCDate(), days);
  return instantOf(start + (day - 1) * DAY + (wall.getTime() - Math.floor(wall.getTime() / DAY) * DAY), zone);
}

const adding = (name: '$dateAdd' | '$dateSubtract', sign: 1 | -1): readonly [string, Operator] => [
  name,
  (argument, compile) => {
    const codes = {
      object: 5166400,
      unknown: 5166401,
      missing: { startDate: 5166402, unit: 5166402, amount: 5166402 },
    };
    const parts = named(name, argument, compile, ['startDate', 'unit', 'amount'], ['timezone'], codes);
    return (scope) => {
      const given = values(parts, scope);
      if (!given) return null;
      const unit = unitOf(name, given['unit'], 5166404);
      const utc = instantIn(given['startDate'], 5166403);
      const amount = isNumeric(given['amount']) ? toInteger(given['amount']) : undefined;
      if (amount === undefined) throw new MongoError(5166405, `${name} expects integer amount of time units`);
      const date = new Date(moved(utc, unit, amount * sign, zoneOf(given['timezone'])));
      if (Number.isNaN(date.getTime())) throw new MongoError(5166406, `${name} overflowed`);
      return date;
    };
  },
];

/** Which unit since some fixed beginning an instant lies in. */
function indexOf(utc: number, unit: Unit, zone: Zone, startOfWeek: number): number {
  const wall = wallOf(utc, zone);
  if (inMonths(unit)) return Math.floor(monthIndex(wall) / MONTHS_IN[unit]);
  if (unit === 'week') return weekIndex(wall.getTime(), startOfWeek);
  if (unit === 'day') return Math.floor(wall.getTime() / DAY);
  // Hours go by elapsed time; only the part of an hour that the zone is off moves where they begin.
  return Math.floor((utc + ((wall.getTime() - utc) % MS_IN[unit])) / MS_IN[unit]);
}

const dateDiff: Operator = (argument, compile) => {
  const codes = { object: 5166301, unknown: 5166302, missing: { startDate: 5166303, endDate: 5166304, unit: 5166305 } };
  const parts = named(
    '$dateDiff',
    argument,
    compile,
    ['startDate', 'endDate', 'unit'],
    ['timezone', 'startOfWeek'],
    codes,
  );
  return (scope) => {
    const given = values(parts, scope);
    if (!given) return null;
    const zone = zoneOf(given['timezone']);
    const unit = unitOf('$dateDiff', given['unit'], 5439013);
    const startOfWeek = weekdayOf('$dateDiff', given['startOfWeek'], 5439015);
    const [start, end] = [instantIn(given['startDate'], 5166307), instantIn(given['endDate'], 5166307)];
    return Long.fromNumber(indexOf(end, unit, zone, startOfWeek) - indexOf(start, unit, zone, startOfWeek));
  };
};

/** Bins are counted from 2000-01-01 (manual: "$dateTrunc", binSize). */
const REFERENCE = Date.UTC(2000, 0, 1);

function truncated(utc: number, unit: Unit, size: number, zone: Zone, startOfWeek: number): number {
  const bin = (value: number, reference: number, width: number): number =>
    reference + Math.floor((value - reference) / width) * width;
  if (!inMonths(unit) && !inDays(unit)) return bin(utc, REFERENCE - zone.offsetAt(REFERENCE), size * MS_IN[unit]);
  const wall = wallOf(utc, zone);
  if (inMonths(unit)) return instantOf(monthStart(bin(monthIndex(wall), 24_000, size * MONTHS_IN[unit])), zone);
  // 2000-01-01 was a Saturday; weeks are counted from the first beginning of a week after it.
  const reference = unit === 'week' ? REFERENCE + ((startOfWeek + 1) % 7) * DAY : REFERENCE;
  return instantOf(bin(wall.getTime(), reference, size * DAYS_IN[unit] * DAY), zone);
}

const dateTrunc: Operator = (argument, compile) => {
  const codes = { object: 5439007, unknown: 5439008, missing: { date: 5439009, unit: 5439010 } };
  const parts = named('$dateTrunc', argument, compile, ['date', 'unit'], ['binSize', 'timezone', 'startOfWeek'], codes);
  return (scope) => {
    const given = values(parts, scope);
    if (!given) return null;
    const utc = instantIn(given['date'], 5439012);
    const unit = unitOf('$dateTrunc', given['unit'], 5439013);
    const size =
      given['binSize'] === undefined ? 1 : isNumeric(given['binSize']) ? toInteger(given['binSize']) : undefined;
    if (size === undefined) throw new MongoError(5439017, "$dateTrunc requires 'binSize' to be a 64-bit integer");
    if (size <= 0) throw new MongoError(5439018, "$dateTrunc requires 'binSize' to be greater than 0");
    const startOfWeek = weekdayOf('$dateTrunc', given['startOfWeek'], 5439015);
    return new Date(truncated(utc, unit, size, zoneOf(given['timezone']), startOfWeek));
  };
};

/** Expression operators that calculate with dates. */
export const DATE_ARITHMETIC_OPERATORS: Readonly<Record<string, Operator>> = {
  $dateDiff: dateDiff,
  $dateTrunc: dateTrunc,
  ...Object.fromEntries([adding('$dateAdd', 1), adding('$dateSubtract', -1)]),
};
