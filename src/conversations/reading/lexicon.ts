import type { Locale } from '../../core/locale.ts';
import en from '../words/en.json' with { type: 'json' };
import it from '../words/it.json' with { type: 'json' };
import ru from '../words/ru.json' with { type: 'json' };
import { isMisspelt, oneSlipApart, otherLayout, soundOf, squeezed } from './letters.ts';
import { type Plain, plain, type Word } from './plain.ts';

const DATA = { ru, en, it };
type Data = typeof en;
type Keys = keyof Data;
/** Word lists that are lists of phrases; the others are tables of their own. */
export type Tag = { [K in Keys]: Data[K] extends readonly string[] ? K : never }[Keys];

/** A stretch of a reply that a phrase of the lists covers. */
export interface Tagged {
  readonly tag: Tag;
  readonly clause: number;
  /** Index of the first word. */
  readonly at: number;
  readonly length: number;
}

/** What a language knows of words. */
export interface Lexicon {
  readonly locale: Locale;
  readonly data: Data;
  /** The words of a reply as the lists know them: stretched, misspelt, transliterated and mistyped ones put right. */
  correct(reply: Plain): readonly Word[];
  /** The longest phrases of these lists, from left to right; of equally long ones the list named first. */
  tag(words: readonly Word[], tags: readonly Tag[]): readonly Tagged[];
  /** True when the words are one phrase of the list, and nothing else. */
  is(words: readonly Word[], tag: Tag): boolean;
}

interface Phrase {
  readonly tag: Tag;
  readonly words: readonly string[];
}

const LEAST_FOR_SLIPS = 5;

function createLexicon(locale: Locale): Lexicon {
  const data = DATA[locale] as Data;
  const phrases = new Map<Tag, readonly Phrase[]>();
  const known = new Set<string>();
  const prefixes = new Set<string>();
  const learn = (text: string): readonly string[] => {
    const words = plain(text, locale).words.map((word) => word.text);
    if (text.endsWith('*')) words.push(`${words.pop() ?? ''}*`);
    for (const word of words) {
      if (word.endsWith('*')) prefixes.add(word.slice(0, -1));
      else known.add(word);
    }
    return words;
  };
  for (const [key, value] of Object.entries(data) as [Keys, unknown][]) {
    if (Array.isArray(value) && value.every((each) => typeof each === 'string')) {
      phrases.set(
        key as Tag,
        value.map((text) => ({ tag: key as Tag, words: learn(text) })),
      );
    } else if (Array.isArray(value)) {
      for (const list of value as readonly (readonly string[])[]) list.forEach(learn);
    } else Object.keys(value as object).forEach(learn);
  }
  const byFirst = new Map<string, Phrase[]>();
  for (const phrase of [...phrases.values()].flat()) {
    const first = phrase.words[0] ?? '';
    const key = first.endsWith('*') ? '*' : first;
    byFirst.set(key, [...(byFirst.get(key) ?? []), phrase]);
  }
  const bySound =
    locale === 'ru' ? new Map([...known].map((word) => [soundOf(word), word])) : new Map<string, string>();
  const prefixSounds = locale === 'ru' ? [...prefixes].map((prefix) => [soundOf(prefix), prefix] as const) : [];

  const long = [...known].filter((each) => each.length >= LEAST_FOR_SLIPS);
  const stretched = new Map([...known].filter((each) => each.length > 2).map((each) => [squeezed(each), each]));

  const knows = (word: string): boolean =>
    known.has(word) || /^\d+$/.test(word) || [...prefixes].some((prefix) => word.startsWith(prefix));
  const bySqueezing = (word: string): string | undefined => {
    const double = word.replace(/(\p{L})\1{2,}/gu, '$1$1');
    const tries = [word.replace(/(\p{L})\1{2,}/gu, '$1'), double, squeezed(word)];
    return tries.find(knows) ?? stretched.get(squeezed(word));
  };
  const byEar = (word: string): string | undefined => {
    if (locale !== 'ru' || !/^[a-z'`]+$/.test(word)) return undefined;
    const sound = soundOf(word);
    const prefix = prefixSounds.find(([start]) => start.length > 3 && sound.startsWith(start));
    return bySound.get(sound) ?? prefix?.[1];
  };
  const bySlip = (word: string): string | undefined => {
    if (word.length < LEAST_FOR_SLIPS) return undefined;
    const whole = long.find((each) => isMisspelt(word, each, locale !== 'en'));
    if (whole !== undefined) return whole;
    return [...prefixes].find(
      (prefix) =>
        prefix.length >= LEAST_FOR_SLIPS &&
        [-1, 0, 1].some((more) => oneSlipApart(word.slice(0, prefix.length + more), prefix)),
    );
  };

  const corrected = (word: Word): readonly Word[] => {
    if (knows(word.text)) return [word];
    const simple = bySqueezing(word.text) ?? byEar(word.text);
    if (simple !== undefined) return [{ ...word, text: simple }];
    const retyped = plain(otherLayout(word.chunk), locale).words.map((each) => each.text);
    if (retyped.length > 0 && retyped.every((each) => knows(each) && !/^\d+$/.test(each))) {
      return retyped.map((text) => ({ ...word, text }));
    }
    const slip = bySlip(word.text) ?? bySlip(squeezed(word.text));
    return [slip === undefined ? word : { ...word, text: slip }];
  };

  const fits = (phrase: Phrase, words: readonly Word[], at: number): boolean =>
    at + phrase.words.length <= words.length &&
    phrase.words.every((pattern, index) => {
      const word = words[at + index]?.text ?? '';
      return pattern.endsWith('*') ? word.startsWith(pattern.slice(0, -1)) : word === pattern;
    });

  const tag: Lexicon['tag'] = (words, tags) => {
    const found: Tagged[] = [];
    for (let at = 0; at < words.length; ) {
      const word = words[at];
      const candidates = [...(byFirst.get(word?.text ?? '') ?? []), ...(byFirst.get('*') ?? [])]
        .filter((phrase) => tags.includes(phrase.tag) && fits(phrase, words, at))
        .sort((a, b) => b.words.length - a.words.length || tags.indexOf(a.tag) - tags.indexOf(b.tag));
      const [best] = candidates;
      if (best === undefined) at += 1;
      else {
        found.push({ tag: best.tag, clause: word?.clause ?? 0, at, length: best.words.length });
        at += best.words.length;
      }
    }
    return found;
  };

  return {
    locale,
    data,
    correct(reply) {
      const words: Word[] = [];
      for (let at = 0; at < reply.words.length; at += 1) {
        const word = reply.words[at];
        if (word === undefined) continue;
        const fixed = corrected(word);
        words.push(...fixed);
        // A chunk that was retyped as a whole brings all its words at once.
        if (fixed.length > 1) while (reply.words[at + 1]?.chunk === word.chunk) at += 1;
      }
      return words;
    },
    tag,
    is: (words, name) =>
      words.length > 0 &&
      (phrases.get(name) ?? []).some((phrase) => phrase.words.length === words.length && fits(phrase, words, 0)),
  };
}

/** The lexicons of all languages. */
export const lexicons: Readonly<Record<Locale, Lexicon>> = {
  ru: createLexicon('ru'),
  en: createLexicon('en'),
  it: createLexicon('it'),
};
