import type { Lexicon } from './lexicon.ts';
import type { Word } from './plain.ts';

/** A visit's own moment in its branch's zone, to tell "my time, repeated" from "another time". */
export interface LocalMoment {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `HH:MM`. */
  readonly time: string;
}

/** Times and days that a reply names. A bare hour has `minute` null. */
export interface Mentions {
  readonly times: readonly { readonly hour: number; readonly minute: number | null }[];
  readonly days: readonly { readonly day: number; readonly month: number | null }[];
  /** 1 Monday … 7 Sunday. */
  readonly weekdays: readonly number[];
  /** Days from today. */
  readonly relative: readonly number[];
  /** Something like "next week". */
  readonly elsewhere: boolean;
}

const CLOCK = /(?<![\d.:/])([01]?\d|2[0-3])\s?[:.\-h]\s?([0-5]\d)(?![\d])/g;
const DATE = /(?<![\d.:/])(3[01]|[12]\d|0?[1-9])[./](1[0-2]|0?[1-9])(?:[./](?:20)?\d{2})?(?![\d:])/g;

/** Finds what a reply says of times and days. */
export function mentionsIn(line: string, words: readonly Word[], lexicon: Lexicon): Mentions {
  const { data } = lexicon;
  const times: { hour: number; minute: number | null }[] = [];
  const days: { day: number; month: number | null }[] = [];
  const dates = [...line.matchAll(DATE)].map(([text, day, month]) => ({
    text,
    day: Number(day),
    month: Number(month),
  }));
  const afternoon = words.some((word) => isIn(word.text, data.pm)) || /\d\s?pm\b|p\.m/.test(line);
  for (const [text, hour, minute] of line.matchAll(CLOCK)) {
    if (dates.some((date) => date.text.startsWith(text.replace(/\s/g, '')) && text.includes('.'))) continue;
    times.push({ hour: later(Number(hour), afternoon), minute: Number(minute) });
  }
  for (const { day, month } of dates) {
    days.push({ day, month });
  }
  words.forEach((word, at) => {
    const number = numberOf(word.text, data.numbers);
    if (number === null) return;
    const next = words[at + 1]?.text ?? '';
    const before = words[at - 1]?.text ?? '';
    const month = data.months.findIndex((names) => isIn(next, names));
    if (month >= 0 && number >= 1 && number <= 31) days.push({ day: number, month: month + 1 });
    else if (isIn(next, ['го', 'ого', 'th', 'st', 'nd', 'rd', 'числа'])) days.push({ day: number, month: null });
    else if (isIn(word.chunk, ['*']) || word.chunk.match(/\d\s?[:./]\s?\d/) !== null) return;
    else if (
      number <= 23 &&
      (isIn(next, data.hourUnits) || isIn(before, ['в', 'к', 'at', 'alle', 'ore', 'by', 'до', 'от', 'после', 'dopo']))
    ) {
      if (!isIn(next, data.units) || isIn(next, data.hourUnits))
        times.push({ hour: later(number, afternoon), minute: null });
    }
  });
  for (const [, hour, half] of line.matchAll(/(?<!\d)(\d{1,2})\s?(am|pm|a\.m|p\.m)/g)) {
    times.push({ hour: later(Number(hour), half?.startsWith('p') ?? false), minute: null });
  }
  return {
    times,
    days,
    weekdays: data.weekdays.flatMap((names, index) =>
      words.some((word) => isIn(word.text, names)) ? [index + 1] : [],
    ),
    relative: words.flatMap((word) => (data.relative as Readonly<Record<string, number>>)[word.text] ?? []),
    elsewhere: lexicon.tag(words, ['nextWeek']).length > 0,
  };
}

/** `same`: everything named is the visit's own; `other`: something is not; null: nothing was named. */
export function compareWith(
  mentions: Mentions,
  visits: readonly LocalMoment[],
  today: string | null,
): 'same' | 'other' | null {
  const { times, days, weekdays, relative, elsewhere } = mentions;
  if (elsewhere) return 'other';
  const relativeDays = today === null ? [] : relative.map((offset) => dayAfter(today, offset));
  if (times.length + days.length + weekdays.length + relativeDays.length === 0) return null;
  const same = visits.some((visit) => {
    const [hour, minute] = visit.time.split(':').map(Number);
    return (
      times.every(
        (time) => (time.hour === hour || time.hour + 12 === hour) && (time.minute === null || time.minute === minute),
      ) &&
      days.every(
        (day) =>
          (day.day === Number(visit.day.slice(8)) &&
            (day.month === null || day.month === Number(visit.day.slice(5, 7)))) ||
          // `10.12` may be a time as well as a date.
          (day.day === hour && day.month === minute),
      ) &&
      weekdays.every((weekday) => weekday === weekdayOf(visit.day)) &&
      relativeDays.every((day) => day === visit.day)
    );
  });
  return same ? 'same' : 'other';
}

/** A whole number, in digits or as a word; null otherwise. */
export function numberOf(word: string, numbers: Readonly<Record<string, number>>): number | null {
  if (/^\d{1,4}$/.test(word)) return Number(word);
  return Object.hasOwn(numbers, word) ? (numbers[word] ?? null) : null;
}

/** True when a word is in a list, in which `*` stands for any ending. */
export function isIn(word: string, list: readonly string[]): boolean {
  return list.some((each) =>
    each.endsWith('*') ? each.length > 1 && word.startsWith(each.slice(0, -1)) : each === word,
  );
}

function later(hour: number, afternoon: boolean): number {
  return afternoon && hour < 12 ? hour + 12 : hour;
}

function weekdayOf(day: string): number {
  return new Date(`${day}T12:00:00Z`).getUTCDay() || 7;
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
