import { failedToParse, MongoError } from '../errors.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import { DAY } from './calendar.ts';

/** Units whose length depends on the calendar, with the number of months in them. */
export const MONTHS_IN = { year: 12, quarter: 3, month: 1 } as const;
/** Units of a fixed number of days on the wall clock. */
export const DAYS_IN = { week: 7, day: 1 } as const;
/** Units of a fixed length in ms. */
export const MS_IN = { hour: 3_600_000, minute: 60_000, second: 1000, millisecond: 1 } as const;

export type Unit = keyof typeof MONTHS_IN | keyof typeof DAYS_IN | keyof typeof MS_IN;

export const inMonths = (unit: Unit): unit is keyof typeof MONTHS_IN => unit in MONTHS_IN;
export const inDays = (unit: Unit): unit is keyof typeof DAYS_IN => unit in DAYS_IN;

/** A `unit` argument. */
export function unitOf(operator: string, value: Value, code: number): Unit {
  if (typeof value !== 'string')
    throw new MongoError(code, `${operator} requires 'unit' to be a string, but got ${typeName(value)}`);
  if (value in MONTHS_IN || value in DAYS_IN || value in MS_IN) return value as Unit;
  throw failedToParse(`unknown time unit value: ${value}`);
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** A `startOfWeek` argument as a day of 0 (Sunday, the default) to 6. */
export function weekdayOf(operator: string, value: Value, code: number): number {
  if (value === undefined) return 0;
  if (typeof value !== 'string')
    throw new MongoError(code, `${operator} requires 'startOfWeek' to be a string, but got ${typeName(value)}`);
  const lower = value.toLowerCase();
  const day = WEEKDAYS.findIndex((name) => name === lower || name.slice(0, 3) === lower);
  if (day >= 0) return day;
  throw failedToParse(`unknown day of week value: ${value}`);
}

/** The number of the week that begins on `startOfWeek`, for a wall clock's ms; 1970-01-01 was a Thursday. */
export const weekIndex = (wall: number, startOfWeek: number): number =>
  Math.floor((Math.floor(wall / DAY) + 4 - startOfWeek) / 7);
