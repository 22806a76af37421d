import { DateTime } from 'luxon';

const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const DAY_FIRST = /^(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?\.?$/;

/** `YYYY-MM-DD` of a day as staff write it: `2026-12-01`, `01.12.2026`, `1/12`; without a year the nearest one. Null for anything else. */
export function dayMeant(words: string, today: string): string | null {
  const iso = ISO.exec(words);
  if (iso !== null) return isoDay(iso[1], iso[2], iso[3]);
  const found = DAY_FIRST.exec(words);
  if (found === null) return null;
  const [, day, month, year] = found;
  if (year !== undefined) return isoDay(year, month, day);
  const thisYear = Number(today.slice(0, 4));
  // Five years hold a 29 February.
  const near = [-1, 0, 1, 2, 3].flatMap((years) => isoDay(String(thisYear + years), month, day) ?? []);
  return near.sort((one, other) => distance(one, today) - distance(other, today))[0] ?? null;
}

function isoDay(year: string | undefined, month: string | undefined, day: string | undefined): string | null {
  const at = DateTime.fromObject({ year: Number(year), month: Number(month), day: Number(day) }, { zone: 'utc' });
  return at.isValid ? at.toISODate() : null;
}

function distance(one: string, other: string): number {
  return Math.abs(Date.parse(one) - Date.parse(other));
}
