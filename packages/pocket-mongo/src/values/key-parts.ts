import { RANK } from './value.ts';

const WIDTHS: Readonly<Record<number, number>> = {
  [RANK.objectId]: 12,
  [RANK.boolean]: 1,
  [RANK.date]: 8,
  [RANK.timestamp]: 8,
};

/** Where the text that begins at `at` ends, its closing zero included. */
function textEnd(key: Uint8Array, at: number, flip: number): number {
  for (let i = at; i < key.length; i++) {
    if (((key[i] ?? 0) ^ flip) !== 0) continue;
    if (((key[i + 1] ?? 0) ^ flip) !== 0xff || i + 1 >= key.length) return i + 1;
    i++;
  }
  return key.length;
}

function docEnd(key: Uint8Array, at: number, flip: number): number {
  let i = at;
  while (i < key.length && ((key[i] ?? 0) ^ flip) !== 0) i = partEnd(key, textEnd(key, i + 1, flip), flip);
  return i + 1;
}

/**
 * Where the part of an index key that begins at `at` ends (see KeyWriter for the form).
 * `flip` is 0xff for a descending field, else 0.
 */
export function partEnd(key: Uint8Array, at: number, flip: number): number {
  const rank = (key[at] ?? 0) ^ flip;
  const start = at + 1;
  switch (rank) {
    case RANK.number:
      return ((key[start + 8] ?? 0) ^ flip) === 0 ? start + 9 : textEnd(key, start + 11, flip);
    case RANK.string:
    case RANK.code:
      return textEnd(key, start, flip);
    case RANK.object:
      return docEnd(key, start, flip);
    case RANK.array: {
      let i = start;
      while (i < key.length && ((key[i] ?? 0) ^ flip) !== 0) i = partEnd(key, i, flip);
      return i + 1;
    }
    case RANK.binary: {
      let size = 0;
      for (let i = 0; i < 4; i++) size = size * 256 + ((key[start + i] ?? 0) ^ flip);
      return start + 5 + size;
    }
    case RANK.regex:
      return textEnd(key, textEnd(key, start, flip), flip);
    case RANK.codeWithScope:
      return docEnd(key, textEnd(key, start, flip), flip);
    default:
      return start + (WIDTHS[rank] ?? 0);
  }
}
