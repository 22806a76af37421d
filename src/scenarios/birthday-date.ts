import { DateTime } from 'luxon';

/** The local day on which a birthday is kept in a year; 29 February is kept on the 28th in common years. Null without a birth date. */
export function birthdayOn(birthDate: string | undefined, year: number): string | null {
  if (birthDate === undefined) return null;
  const on = `${year}-${birthDate.slice(5)}`;
  return DateTime.fromISO(on, { zone: 'utc' }).isValid ? on : `${year}-02-28`;
}

/** The birth days (`MM-DD`) that are kept on a local day: 28 February stands for the 29th too where there is none. */
export function birthDaysKeptOn(day: string): readonly string[] {
  const leap = DateTime.fromISO(day, { zone: 'utc' }).isInLeapYear;
  return day.endsWith('-02-28') && !leap ? ['02-28', '02-29'] : [day.slice(5)];
}

/** The year of the birthday whose message day is today or comes next. */
export function nextBirthdayYear(birthDate: string | undefined, daysBefore: number, now: Date): number {
  const today = DateTime.fromJSDate(now, { zone: 'utc' });
  const years = [today.year, today.year + 1];
  const ahead = years.find((year) => {
    const on = birthdayOn(birthDate, year);
    return on !== null && DateTime.fromISO(on, { zone: 'utc' }).minus({ days: daysBefore }) >= today.startOf('day');
  });
  return ahead ?? today.year + 1;
}
