import type { Locale } from '../../core/locale.ts';
import signs from '../words/signs.json' with { type: 'json' };
import { oneAlphabet } from './letters.ts';

type Sign = keyof typeof signs;

/** A word of a reply, with the clause it stands in and the characters it was typed with. */
export interface Word {
  readonly text: string;
  readonly clause: number;
  /** Everything between the spaces around it, for the wrong keyboard layout. */
  readonly chunk: string;
}

/** A reply without what makes equal replies look different: case, width, accents, skin tones, look-alike letters. */
export interface Plain {
  readonly line: string;
  readonly words: readonly Word[];
  readonly signs: Readonly<Record<Sign, number>>;
  /** It ends in, or holds, a question mark. */
  readonly asks: boolean;
}

/** Made plain once: a reply is read by several lexicons, each time against all of them. */
const PICTURES: readonly (readonly [Sign, string])[] = (Object.entries(signs) as [Sign, readonly string[]][]).flatMap(
  ([sign, list]) => list.map((picture) => [sign, unified(picture)] as const),
);

/** Makes a reply plain. An apostrophe parts words in Italian (`l'ora`) and joins them elsewhere (`can't`). */
export function plain(text: string, locale: Locale): Plain {
  const found: Record<Sign, number> = { yes: 0, no: 0, thanks: 0, star: 0, shrug: 0 };
  let line = unified(text);
  for (const [sign, picture] of PICTURES) {
    const parts = line.split(picture);
    if (parts.length === 1) continue;
    found[sign] += parts.length - 1;
    line = parts.join(' ');
  }
  const asks = /[?؟]/.test(line);
  line = line.replace(/(\p{L})['’`´ʼ](?=\p{L})/gu, locale === 'it' ? '$1 ' : '$1');
  return { line: line.trim(), words: wordsOf(line), signs: found, asks };
}

function unified(text: string): string {
  const folded = text
    .replaceAll('№', '#')
    .replace(/\u200D[♀♂]/gu, '')
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, digit)
    .replace(/\p{Emoji_Modifier}|\p{Cf}|\p{Me}|[\uFE0E\uFE0F]/gu, '')
    .toLowerCase()
    .replaceAll('ё', 'е');
  const bare = folded
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC');
  return bare.replace(/[\p{L}]+/gu, oneAlphabet);
}

/** Digits of every script stand in blocks of ten, zero first. */
function digit(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return character;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}

function wordsOf(line: string): readonly Word[] {
  let clause = 0;
  return line.split(/\s+/u).flatMap((chunk) => {
    const words: Word[] = [];
    for (const [part] of chunk.matchAll(/\p{L}+|\p{N}+|[^\p{L}\p{N}]+/gu)) {
      if (/[\p{L}\p{N}]/u.test(part)) words.push({ text: part, clause, chunk });
      else if (/[,.;!?()\n–—]/.test(part)) clause += 1;
    }
    if (words.length === 0 && /^[-–—]+$/.test(chunk)) clause += 1;
    return words;
  });
}
