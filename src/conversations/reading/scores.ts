import type { Lexicon } from './lexicon.ts';
import { isIn, numberOf } from './moments.ts';
import type { Plain, Word } from './plain.ts';

/** What a reply says as a mark from 1 to 5; `words` is true when it says more than the mark. */
export interface Mark {
  readonly score: number;
  readonly words: boolean;
}

const LOWEST = 1;
const HIGHEST = 5;
/** A shorter assent, such as "да" or "ok", praises nobody. */
const SHORTEST_PRAISE = 4;

/** The one mark in a reply: in digits, words, stars, or "4 out of 5". Null where there is none, or more than one. */
export function markIn(reply: Plain, words: readonly Word[], lexicon: Lexicon): Mark | null {
  const { star } = reply.signs;
  if (words.length === 0) return star > 0 ? mark(star, 0) : null;
  const whole = /^\D*(\d)[.,]0\D*$/.exec(reply.line);
  if (whole !== null) return mark(Number(whole[1]), 0);
  // 4,5 or 4-5 is between two marks, as is "four and a half", and -1 is none.
  if (words.some((word) => isIn(word.text, [...lexicon.data.half, ...lexicon.data.halfBehind]))) return null;
  if (/\d\s?[.,:]\s?\d|\d\s?[-–—]\s?\d|(^|\s)[-–—]\d/.test(reply.line)) return null;
  const outOf = /(?<![\d/])(\d{1,2})\s?[/\\]\s?(\d{1,2})(?![\d/])/.exec(reply.line);
  if (outOf !== null) return Number(outOf[2]) === HIGHEST ? mark(Number(outOf[1]), words.length - 2) : null;
  const spoken = spokenMarks(words, lexicon);
  const [first, ...others] = spoken;
  if (first === undefined || others.some((other) => other.score !== first.score)) return null;
  const used = spoken.reduce((sum, each) => sum + each.words, 0);
  const left = words.length - used - (isPraise(words, used, lexicon) ? 0 : courtesies(words, lexicon));
  // "Two thumbs up" counts thumbs: a number word among others is a mark only beside stars or points.
  return first.standsOut || left <= 0 ? mark(first.score, left) : null;
}

interface Spoken {
  readonly score: number;
  /** In digits, or the last word of its clause. */
  readonly standsOut: boolean;
  /** How many words of the reply it takes. */
  readonly words: number;
}

function spokenMarks(words: readonly Word[], { data }: Lexicon): readonly Spoken[] {
  return words.flatMap((word, at): readonly Spoken[] => {
    const score = numberOf(word.text, data.numbers);
    if (score === null) return [];
    const around = (offset: number) => words[at + offset]?.text ?? '';
    if (isIn(around(1), data.units) && !isIn(around(1), data.stars)) return [];
    const isHighest = score === HIGHEST && isIn(around(-1), data.outOf);
    if (isHighest && [around(-2), around(-3)].some((text) => numberOf(text, data.numbers) !== null)) return [];
    if (isIn(word.text, data.articles) && words.length > 1) return [];
    const standsOut = /^\d/.test(word.text) || words[at + 1]?.clause !== word.clause;
    const of = [1, 2].find((offset) => isIn(around(offset), data.outOf) && around(offset + 1) === String(HIGHEST));
    return [{ score, standsOut, words: of === undefined ? 1 : of + 2 }];
  });
}

function mark(score: number, left: number): Mark | null {
  return score >= LOWEST && score <= HIGHEST ? { score, words: left > 0 } : null;
}

/** "4, the doctor is great" says more than its mark; "yes, 4" and "5, thanks" do not. */
function isPraise(words: readonly Word[], used: number, lexicon: Lexicon): boolean {
  const polite = lexicon.tag(words, ['stars', 'greeting', 'thanks']).reduce((sum, each) => sum + each.length, 0);
  const praise = lexicon.tag(words, ['yes']).some(({ at }) => (words[at]?.text.length ?? 0) >= SHORTEST_PRAISE);
  return praise && words.length - used - polite >= 2;
}

/** Words around a mark that say nothing more: stars, greetings, "I give". */
function courtesies(words: readonly Word[], lexicon: Lexicon): number {
  return lexicon
    .tag(words, ['stars', 'greeting', 'thanks', 'filler', 'yes'])
    .reduce((sum, each) => sum + each.length, 0);
}
