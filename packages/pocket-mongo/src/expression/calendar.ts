export const DAY = 86_400_000;

const yearStart = (date: Date): number => Date.UTC(date.getUTCFullYear(), 0, 1);

export const dayOfYear = (date: Date): number => Math.floor((date.getTime() - yearStart(date)) / DAY) + 1;

/** 1 for Monday to 7 for Sunday. */
export const isoDay = (date: Date): number => date.getUTCDay() || 7;

/** The year that the week of a date belongs to: that of its Thursday. */
export const isoYear = (date: Date): number => thursday(date).getUTCFullYear();

const thursday = (date: Date): Date => new Date(date.getTime() + (4 - isoDay(date)) * DAY);

export const isoWeek = (date: Date): number => Math.ceil(dayOfYear(thursday(date)) / 7);

/** Weeks begin on Sunday; the days before the first Sunday of a year are week 0. */
export const sundayWeek = (date: Date): number => Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7);

/** Months since the beginning of year 0. */
export const monthIndex = (date: Date): number => date.getUTCFullYear() * 12 + date.getUTCMonth();

/** The first instant of a month of `monthIndex`. */
export function monthStart(index: number): number {
  const date = new Date(0);
  date.setUTCFullYear(Math.floor(index / 12), ((index % 12) + 12) % 12, 1);
  return date.getTime();
}
