import type { Lexicon } from './lexicon.ts';
import { type Mentions, mentionsIn, numberOf } from './moments.ts';
import { type Plain, plain, type Word } from './plain.ts';

/** Which entry of a numbered list a reply names (from 0): by its number, its words, or the day or time in it. Null: none, or several. */
export function entryIn(
  reply: Plain,
  words: readonly Word[],
  titles: readonly string[],
  lexicon: Lexicon,
): number | null {
  const whole = titles.findIndex((title) => plain(title, lexicon.locale).line === reply.line);
  if (whole >= 0) return whole;
  if (lexicon.tag(words, ['not', 'no']).length > 0 && words.length > 1) return null;
  for (const [index, tag] of (['first', 'second', 'third'] as const).entries()) {
    if (lexicon.is(words, tag) && index < titles.length) return index;
  }
  if (lexicon.is(words, 'last') && titles.length > 0) return titles.length - 1;
  const said = mentionsIn(reply.line.replace(/^(\d{1,2})(\d{2})$/, '$1:$2'), words, lexicon);
  const entries = titles.map((title) => {
    const entry = plain(title, lexicon.locale);
    return mentionsIn(entry.line, lexicon.correct(entry), lexicon);
  });
  const exact = matching(entries, said);
  if (exact !== null) return exact;
  const numbers = words.flatMap((word) => numberOf(word.text, lexicon.data.numbers) ?? []);
  const [number, ...others] = [...new Set(numbers)];
  const plainNumber = said.times.length + said.days.length === 0;
  if (number === undefined || others.length > 0 || !plainNumber) return byWords(words, titles, lexicon);
  if (number >= 1 && number <= titles.length) return number - 1;
  const asHour = entries.flatMap((entry, index) =>
    entry.times.some((time) => time.hour === number || time.hour === number + 12) ? [index] : [],
  );
  const asDay = entries.flatMap((entry, index) => (entry.days.some((day) => day.day === number) ? [index] : []));
  const found = [...asHour, ...asDay];
  return found.length === 1 ? (found[0] ?? null) : null;
}

function matching(entries: readonly Mentions[], said: Mentions): number | null {
  if (said.days.length + said.weekdays.length + said.times.length === 0) return null;
  const found = entries.flatMap((entry, index) => {
    const fits =
      said.days.every((day) =>
        entry.days.some((each) => each.day === day.day && (day.month === null || each.month === day.month)),
      ) &&
      said.weekdays.every((weekday) => entry.weekdays.includes(weekday)) &&
      (entry.times.length === 0 ||
        said.times.every((time) =>
          entry.times.some(
            (each) =>
              (each.hour === time.hour || each.hour === time.hour + 12) &&
              (time.minute === null ? each.minute === 0 || entries.length > 0 : each.minute === time.minute),
          ),
        ));
    const named = entry.days.length + entry.weekdays.length + entry.times.length > 0;
    return fits && named ? [index] : [];
  });
  if (found.length > 1 && said.times.length > 0) {
    const onTheHour = found.filter((index) => entries[index]?.times.some((time) => time.minute === 0));
    return onTheHour.length === 1 ? (onTheHour[0] ?? null) : null;
  }
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** A name in the title, such as a doctor's, that only one entry has. */
function byWords(words: readonly Word[], titles: readonly string[], lexicon: Lexicon): number | null {
  const said = words.map((word) => word.text).filter((word) => word.length >= 4);
  if (said.length === 0) return null;
  const found = titles.flatMap((title, index) => {
    const entry = plain(title, lexicon.locale).words.map((word) => word.text);
    return said.every((word) => entry.includes(word)) ? [index] : [];
  });
  return found.length === 1 ? (found[0] ?? null) : null;
}
