import type { Lexicon } from './lexicon.ts';
import { isIn, numberOf } from './moments.ts';
import type { Plain, Word } from './plain.ts';

/** What a reply says as a mark from 1 to 5; `words` is true when it says more than the mark. */
export interface Mark {
  readonly score: number;
  readonly words: boolean;
}

/** The one mark in a reply: in digits, words, stars, or "4 out of 5". Null where there is none, or more than one. */
export function markIn(reply: Plain, words: readonly Word[], lexicon: Lexicon): Mark | null {
  const { data } = lexicon;
  if (reply.signs.star > 0 && reply.signs.star <= 5 && words.length === 0)
    return { score: reply.signs.star, words: false };
  // 4,5 or 4-5 is between two marks.
  if (/(?<!\d)\d\s?[.,:]\s?\d/.test(reply.line) || /(?<!\d)\d\s?[-–—]\s?\d(?!\d)/.test(reply.line)) return null;
  const slash = /(?<![\d/])(\d{1,2})\s?(?:\/|\\)\s?(\d{1,2})(?![\d/])/.exec(reply.line);
  if (slash !== null) {
    const [text, score, of] = slash;
    return of === '5' ? mark(Number(score), reply.line.replace(text, ' '), words.length - 2) : null;
  }
  const found: number[] = [];
  let used = 0;
  words.forEach((word, at) => {
    const number = numberOf(word.text, data.numbers);
    if (number === null) return;
    const next = words[at + 1]?.text ?? '';
    if (isIn(next, data.units) && !isIn(next, data.stars)) return;
    const before = words[at - 1]?.text ?? '';
    const third = words[at - 2]?.text ?? '';
    if (number === 5 && isIn(before, data.outOf) && numberOf(third, data.numbers) !== null) {
      used += 2;
      return;
    }
    if (number === 5 && before === 'of' && third === 'out') {
      used += 3;
      return;
    }
    // An article is no mark: "una", "one of".
    if (isArticle(word.text) && words.length > 1) return;
    used += 1;
    found.push(number);
  });
  const [score, ...others] = [...new Set(found)];
  if (score !== undefined)
    return others.length > 0 ? null : mark(score, reply.line, words.length - used - fill(words, lexicon));
  const marks = data.marks as Readonly<Record<string, number>>;
  const named = words.flatMap((word) => marks[word.text] ?? []);
  return named.length === 1 && words.length === 1 ? mark(named[0] ?? 0, '', 0) : null;
}

function mark(score: number, _line: string, left: number): Mark | null {
  return score >= 1 && score <= 5 ? { score, words: left > 0 } : null;
}

function isArticle(word: string): boolean {
  return ['uno', 'una', 'one', 'раз', 'одна', 'один', 'одну'].includes(word);
}

/** Words around a mark that say nothing more: stars, greetings, "I give". */
function fill(words: readonly Word[], lexicon: Lexicon): number {
  return lexicon
    .tag(words, ['stars', 'greeting', 'thanks', 'filler', 'yes'])
    .reduce((sum, each) => sum + each.length, 0);
}
