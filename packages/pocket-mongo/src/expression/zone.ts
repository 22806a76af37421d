import type { ObjectId, Timestamp } from 'bson';
import { MongoError } from '../errors.ts';
import { typeName } from '../values/type-name.ts';
import { RANK, rankOf, type Value } from '../values/value.ts';

/** A time zone: what has to be added to UTC there at an instant (all in ms). */
export interface Zone {
  readonly isUtc: boolean;
  offsetAt(utc: number): number;
}

const fixed = (offset: number): Zone => ({ isUtc: offset === 0, offsetAt: () => offset });
const UTC = fixed(0);
const DAY = 86_400_000;
const zones = new Map<string, Zone>();

function named(name: string): Zone {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new MongoError(40485, `unrecognized time zone identifier: "${name}"`);
  }
  return {
    isUtc: false,
    offsetAt: (utc) => {
      const seconds = Math.floor(utc / 1000) * 1000;
      const parts: Record<string, string> = {};
      for (const { type, value } of format.formatToParts(seconds)) parts[type] = value;
      const part = (type: string): number => Number(parts[type]);
      const year = parts['era'] === 'BC' ? 1 - part('year') : part('year');
      const local = new Date(0);
      local.setUTCFullYear(year, part('month') - 1, part('day'));
      local.setUTCHours(part('hour'), part('minute'), part('second'));
      return local.getTime() - seconds;
    },
  };
}

/** The zone of a `timezone` argument: an Olson name or an offset like "+02:00"; UTC when there is none. */
export function zoneOf(value: Value): Zone {
  if (value === undefined || value === 'UTC' || value === 'GMT' || value === 'Z') return UTC;
  if (typeof value !== 'string')
    throw new MongoError(40517, `timezone must evaluate to a string, found ${typeName(value)}`);
  const known = zones.get(value);
  if (known) return known;
  const offset = /^([+-])(\d{2})(?::?(\d{2}))?$/.exec(value);
  const minutes = Number(offset?.[2] ?? 0) * 60 + Number(offset?.[3] ?? 0);
  const zone = offset ? fixed(minutes * 60_000 * (offset[1] === '-' ? -1 : 1)) : named(value);
  zones.set(value, zone);
  return zone;
}

/** The clock on the wall at an instant, as a Date whose UTC fields read what the clock shows. */
export const wallOf = (utc: number, zone: Zone): Date => new Date(utc + zone.offsetAt(utc));

/**
 * The instant when the wall clock shows `wall`. A time that the clock skips is moved forward by the gap, of a time
 * that it shows twice the first is taken.
 */
export function instantOf(wall: number, zone: Zone): number {
  const before = zone.offsetAt(wall - DAY);
  const after = zone.offsetAt(wall + DAY);
  if (zone.offsetAt(wall - before) === before) return wall - before;
  return zone.offsetAt(wall - after) === after ? wall - after : wall - before;
}

/** The instant of a value that can stand for a date (Date, ObjectId, Timestamp), in ms. */
export function instantIn(value: Value, code = 16006): number {
  if (value instanceof Date) return value.getTime();
  if (rankOf(value) === RANK.objectId) return (value as ObjectId).getTimestamp().getTime();
  if (rankOf(value) === RANK.timestamp) return (value as Timestamp).t * 1000;
  throw new MongoError(code, `can't convert from BSON type ${typeName(value)} to Date`);
}
