import type { Lexicon } from './lexicon.ts';
import type { Word } from './plain.ts';

/** A visit's own moment in its branch's zone, to tell "my time, repeated" from "another time". */
export interface LocalMoment {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `HH:MM`. */
  readonly time: string;
}

/** A time of day as named; a bare hour has `minute` null. */
interface NamedTime {
  readonly hour: number;
  readonly minute: number | null;
}

interface NamedDay {
  readonly day: number;
  readonly month: number | null;
}

/** Times and days that a reply names. */
export interface Mentions {
  readonly times: readonly NamedTime[];
  readonly days: readonly NamedDay[];
  /** 1 Monday … 7 Sunday. */
  readonly weekdays: readonly number[];
  /** Days from today. */
  readonly relative: readonly number[];
  /** Hours that a word such as "morning" stands for: from, and before. */
  readonly parts: readonly (readonly [number, number])[];
  /** Something like "next week". */
  readonly elsewhere: boolean;
}

const CLOCK = /(?<![\d.:/])([01]?\d|2[0-3])\s?[:.\-h]\s?([0-5]\d)(?!\d)/g;
const DATE = /(?<![\d.:/])(3[01]|[12]\d|0?[1-9])[./](1[0-2]|0?[1-9])(?:[./](?:20)?\d{2})?(?![\d:])/g;
const TWELVE_HOURS = /(?<![\d:.])(\d{1,2})\s?(am|pm|a\.m|p\.m)/g;
const PARTS = { morning: [0, 12], afternoon: [12, 18], evening: [17, 24] } as const;

/** Finds what a reply says of times and days. */
export function mentionsIn(line: string, words: readonly Word[], lexicon: Lexicon): Mentions {
  const { data } = lexicon;
  const afternoon = words.some((word) => isIn(word.text, data.pm)) || /\d\s?pm\b|p\.m/.test(line);
  const dates = [...line.matchAll(DATE)];
  const clocks = [...line.matchAll(CLOCK)].filter(
    ([text]) => !(text.includes('.') && dates.some(([date]) => date.startsWith(text.replace(/\s/g, '')))),
  );
  const spoken = spokenIn(words, lexicon, afternoon);
  return {
    times: [
      ...clocks.map(([, hour, minute]) => ({ hour: later(Number(hour), afternoon), minute: Number(minute) })),
      ...[...line.matchAll(TWELVE_HOURS)].map(([, hour, half]) => ({
        hour: later(Number(hour), half?.startsWith('p') ?? false),
        minute: null,
      })),
      ...spoken.times,
      ...quartersIn(words, lexicon, afternoon),
    ],
    days: [...dates.map(([, day, month]) => ({ day: Number(day), month: Number(month) })), ...spoken.days],
    weekdays: data.weekdays.flatMap((names, index) =>
      words.some((word) => isIn(word.text, names)) ? [index + 1] : [],
    ),
    relative: words.flatMap((word) => (data.relative as Readonly<Record<string, number>>)[word.text] ?? []),
    parts: (['morning', 'afternoon', 'evening'] as const).flatMap((part) =>
      lexicon.tag(words, [part]).length > 0 ? [PARTS[part]] : [],
    ),
    elsewhere: lexicon.tag(words, ['nextWeek']).length > 0,
  };
}

/** Times and days in which a number is told by the words around it: "at 5", "1 December", "half past three". */
function spokenIn(
  words: readonly Word[],
  lexicon: Lexicon,
  afternoon: boolean,
): { readonly times: readonly NamedTime[]; readonly days: readonly NamedDay[] } {
  const { data } = lexicon;
  const times: NamedTime[] = [];
  const days: NamedDay[] = [];
  const around = (at: number) => words[at]?.text ?? '';
  const monthAt = (at: number) => data.months.findIndex((names) => isIn(around(at), names)) + 1;
  words.forEach((word, at) => {
    const halfOf = (data.halfOf as Readonly<Record<string, number>>)[word.text];
    if (halfOf !== undefined && isIn(around(at - 1), data.half)) times.push({ hour: halfOf, minute: 30 });
    const number = numberOf(word.text, data.numbers);
    if (number === null || /\d\s?[:./]\s?\d/.test(word.chunk)) return;
    const month = monthAt(at + 1) || monthAt(at - 1) || monthAt(at + 2);
    const isDay = number >= 1 && number <= 31;
    if (isDay && month > 0) days.push({ day: number, month });
    else if (isDay && isIn(around(at + 1), data.ordinals)) days.push({ day: number, month: null });
    else if (number <= 23) {
      const half =
        isIn(around(at - 1), data.half) || isIn(around(at - 2), data.half) || isIn(around(at + 2), data.halfBehind);
      const isHour = isIn(around(at + 1), data.hourUnits);
      const isDuration = isIn(around(at + 1), data.units) && !isHour;
      const told = isHour || isIn(around(at - 1), data.atTime) || half;
      // A quarter has its own reading.
      if (lexicon.is(words.slice(Math.max(0, at - 2), at), 'quarterTo')) return;
      if (told && !isDuration) times.push({ hour: later(number, afternoon), minute: half ? 30 : null });
    }
  });
  return { times, days };
}

/** "Quarter to ten", "le dieci e un quarto". */
function quartersIn(words: readonly Word[], lexicon: Lexicon, afternoon: boolean): readonly NamedTime[] {
  const tags = ['quarterTo', 'quarterPast', 'quarterToBehind', 'quarterPastBehind'] as const;
  return lexicon.tag(words, tags).flatMap(({ tag, at, length }) => {
    const word = words[tag.endsWith('Behind') ? at - 1 : at + length]?.text ?? '';
    const hour = numberOf(word, lexicon.data.numbers);
    if (hour === null || hour > 23) return [];
    const to = tag.startsWith('quarterTo');
    return [{ hour: later(to ? hour - 1 : hour, afternoon), minute: to ? 45 : 15 }];
  });
}

/** `same`: everything named is the visit's own; `other`: something is not; `vague`: only the part of the day is another; null: nothing was named. */
export function compareWith(
  mentions: Mentions,
  visits: readonly LocalMoment[],
  today: string | null,
): 'same' | 'other' | 'vague' | null {
  const { times, days, weekdays, relative, parts, elsewhere } = mentions;
  if (elsewhere) return 'other';
  const relativeDays = today === null ? [] : relative.map((offset) => dayAfter(today, offset));
  const inPart = visits.some((visit) =>
    parts.every(([from, before]) => hourOf(visit) >= from && hourOf(visit) < before),
  );
  if (times.length + days.length + weekdays.length + relativeDays.length === 0) {
    if (parts.length === 0) return null;
    return inPart ? 'same' : 'vague';
  }
  const same = visits.some(
    (visit) =>
      times.every((time) => isTimeOf(time, visit)) &&
      days.every((day) => isDayOf(day, visit)) &&
      weekdays.every((weekday) => weekday === weekdayOf(visit.day)) &&
      relativeDays.every((day) => day === visit.day),
  );
  if (!same) return 'other';
  return inPart ? 'same' : 'vague';
}

/** A whole number, in digits or as a word; null otherwise. */
export function numberOf(word: string, numbers: Readonly<Record<string, number>>): number | null {
  if (/^\d{1,4}$/.test(word)) return Number(word);
  return Object.hasOwn(numbers, word) ? (numbers[word] ?? null) : null;
}

/** True when a word is in a list, in which `*` stands for any ending. */
export function isIn(word: string, list: readonly string[]): boolean {
  return list.some((each) => (each.endsWith('*') ? word.startsWith(each.slice(0, -1)) : each === word));
}

function isTimeOf({ hour, minute }: NamedTime, visit: LocalMoment): boolean {
  const own = hourOf(visit);
  return (hour === own || hour + 12 === own) && (minute === null || minute === Number(visit.time.slice(3)));
}

function isDayOf({ day, month }: NamedDay, visit: LocalMoment): boolean {
  const sameDay = day === Number(visit.day.slice(8)) && (month === null || month === Number(visit.day.slice(5, 7)));
  // `10.12` may be a time as well as a date.
  return sameDay || (day === hourOf(visit) && month === Number(visit.time.slice(3)));
}

function hourOf(visit: LocalMoment): number {
  return Number(visit.time.slice(0, 2));
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
