import { MongoError } from '../errors.ts';
import { dayOfYear, isoDay, isoWeek, isoYear, sundayWeek } from './calendar.ts';
import { wallOf, type Zone } from './zone.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const pad = (value: number, width: number): string => String(value).padStart(width, '0');

function offsetText(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / 60_000));
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}${pad(minutes % 60, 2)}`;
}

const SPECIFIERS: Readonly<Record<string, (wall: Date, offset: number) => string>> = {
  '%': () => '%',
  b: (wall) => (MONTHS[wall.getUTCMonth()] ?? '').slice(0, 3),
  B: (wall) => MONTHS[wall.getUTCMonth()] ?? '',
  d: (wall) => pad(wall.getUTCDate(), 2),
  G: (wall) => pad(isoYear(wall), 4),
  H: (wall) => pad(wall.getUTCHours(), 2),
  j: (wall) => pad(dayOfYear(wall), 3),
  L: (wall) => pad(wall.getUTCMilliseconds(), 3),
  m: (wall) => pad(wall.getUTCMonth() + 1, 2),
  M: (wall) => pad(wall.getUTCMinutes(), 2),
  S: (wall) => pad(wall.getUTCSeconds(), 2),
  u: (wall) => String(isoDay(wall)),
  U: (wall) => pad(sundayWeek(wall), 2),
  V: (wall) => pad(isoWeek(wall), 2),
  w: (wall) => String(wall.getUTCDay() + 1),
  Y: (wall) => pad(wall.getUTCFullYear(), 4),
  z: (_, offset) => offsetText(offset),
  Z: (_, offset) => String(Math.trunc(offset / 60_000)),
};

/** Writes an instant by a format (manual: "$dateToString", Format Specifiers). */
export function formatDate(format: string, utc: number, zone: Zone): string {
  const wall = wallOf(utc, zone);
  const year = wall.getUTCFullYear();
  if (year < 0 || year > 9999)
    throw new MongoError(18537, `$dateToString is only defined on year 0-9999, tried to use year ${String(year)}`);
  return format.replace(/%([\s\S]?)/g, (_, specifier: string) => {
    if (specifier === '') throw new MongoError(18535, "Unmatched '%' at end of format string");
    const write = SPECIFIERS[specifier];
    if (!write) throw new MongoError(18536, `Invalid format character '%${specifier}' in format string`);
    return write(wall, wall.getTime() - utc);
  });
}
