import { Long } from 'bson';
import { MongoError } from '../errors.ts';
import { typeName } from '../values/type-name.ts';
import { isDoc, type Value } from '../values/value.ts';
import { dayOfYear, isoDay, isoWeek, isoYear, sundayWeek } from './calendar.ts';
import { formatDate } from './format-date.ts';
import { named } from './operands.ts';
import type { Operator } from './scope.ts';
import { isNothing } from './truth.ts';
import { instantIn, wallOf, zoneOf } from './zone.ts';

/** An operator that reads one thing off the wall clock: of a date, or of `{date, timezone}`. */
const reading = (name: string, read: (wall: Date) => Value): readonly [string, Operator] => [
  name,
  (argument, compile) => {
    const isFull = isDoc(argument) && Object.keys(argument)[0]?.startsWith('$') !== true;
    if (Array.isArray(argument) && argument.length !== 1)
      throw new MongoError(
        40536,
        `${name} accepts exactly one argument if given an array, but was given ${String(argument.length)}`,
      );
    const codes = { object: 40535, unknown: 40535, missing: { date: 40539 } };
    const parts = isFull
      ? named(name, argument, compile, ['date'], ['timezone'], codes)
      : { date: compile(Array.isArray(argument) ? argument[0] : argument), timezone: undefined };
    return (scope) => {
      const date = parts['date']?.(scope);
      const timezone = parts['timezone']?.(scope);
      if (isNothing(date) || (parts['timezone'] && isNothing(timezone))) return null;
      return read(wallOf(instantIn(date), zoneOf(timezone)));
    };
  },
];

const dateToString: Operator = (argument, compile) => {
  const codes = { object: 18629, unknown: 18534, missing: { date: 18628 } };
  const parts = named('$dateToString', argument, compile, ['date'], ['format', 'timezone', 'onNull'], codes);
  return (scope) => {
    const date = parts['date']?.(scope);
    const format = parts['format']?.(scope);
    const timezone = parts['timezone']?.(scope);
    if (parts['format'] && isNothing(format)) return null;
    if (!isNothing(format) && typeof format !== 'string')
      throw new MongoError(18533, `$dateToString requires that 'format' be a string, found: ${typeName(format)}`);
    if (parts['timezone'] && isNothing(timezone)) return null;
    if (isNothing(date)) return parts['onNull'] ? parts['onNull'](scope) : null;
    const zone = zoneOf(timezone);
    const utc = instantIn(date);
    return formatDate(format ?? `%Y-%m-%dT%H:%M:%S.%L${zone.isUtc ? 'Z' : ''}`, utc, zone);
  };
};

/** Expression operators that take dates apart. */
export const DATE_OPERATORS: Readonly<Record<string, Operator>> = {
  $dateToString: dateToString,
  ...Object.fromEntries([
    reading('$year', (wall) => wall.getUTCFullYear()),
    reading('$month', (wall) => wall.getUTCMonth() + 1),
    reading('$dayOfMonth', (wall) => wall.getUTCDate()),
    reading('$hour', (wall) => wall.getUTCHours()),
    reading('$minute', (wall) => wall.getUTCMinutes()),
    reading('$second', (wall) => wall.getUTCSeconds()),
    reading('$millisecond', (wall) => wall.getUTCMilliseconds()),
    reading('$dayOfWeek', (wall) => wall.getUTCDay() + 1),
    reading('$dayOfYear', dayOfYear),
    reading('$week', sundayWeek),
    reading('$isoDayOfWeek', isoDay),
    reading('$isoWeek', isoWeek),
    reading('$isoWeekYear', (wall) => Long.fromNumber(isoYear(wall))),
  ]),
};
