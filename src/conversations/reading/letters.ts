/** Keys of the two keyboard layouts, in the same order. */
const LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const RUSSIAN_KEYS = 'йцукенгшщзхъфывапролджэячсмитьбюё';
const toRussianKey = new Map([...LATIN_KEYS].map((key, at) => [key, [...RUSSIAN_KEYS][at] ?? key]));
const toLatinKey = new Map([...RUSSIAN_KEYS].map((key, at) => [key, [...LATIN_KEYS][at] ?? key]));

/** The same keys pressed in the other layout: `lf` → `да`, `нуы` → `yes`. */
export function otherLayout(chunk: string): string {
  const table = /[а-я]/.test(chunk) ? toLatinKey : toRussianKey;
  return [...chunk]
    .map((letter) => table.get(letter) ?? letter)
    .join('')
    .replaceAll('ё', 'е');
}

const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/shch|sch|sh/g, 'S'],
  [/zh/g, 'Z'],
  [/ch/g, 'C'],
  [/kh|x/g, 'h'],
  [/t[sz]/g, 'c'],
  [/[iyj]a/g, 'a'],
  [/[iyj]u/g, 'u'],
  [/[iyj][oe]/g, 'e'],
  [/[yj]/g, 'i'],
  [/w/g, 'v'],
  [/['`]/g, ''],
];
const RUSSIAN_SOUNDS = new Map(
  [...'абвгдежзийклмнопрстуфхцчшщъыьэюя'].map((letter, at) => [
    letter,
    [...'abvgdeZziiklmnoprstufhcCSS_i_eua'][at]?.replace('_', '') ?? '',
  ]),
);

/** What a word sounds like, for Russian written in Latin letters: `pridu`, `priedu` and `приду`, `приеду` meet. */
export function soundOf(word: string): string {
  const sound = /[а-я]/.test(word)
    ? [...word].map((letter) => RUSSIAN_SOUNDS.get(letter) ?? letter).join('')
    : SOUNDS.reduce((heard, [letters, sound]) => heard.replace(letters, sound), word);
  return sound.replace(/(.)\1+/g, '$1').replace(/ia/g, 'a');
}

/** Each run of one letter as a single one: `дааа` → `да`. */
export function squeezed(word: string): string {
  return word.replace(/(\p{L})\1+/gu, '$1');
}

const LOOKALIKES = new Map([...'aceopxykmhtb'].map((latin, at) => [latin, [...'асеорхукмнтв'][at] ?? latin]));
const TO_LATIN = new Map([...LOOKALIKES].map(([latin, russian]) => [russian, latin]));

/** A word of mixed alphabets in the one that most of its letters are of. */
export function oneAlphabet(word: string): string {
  const russian = (word.match(/[а-я]/g) ?? []).length;
  const latin = (word.match(/[a-z]/g) ?? []).length;
  if (russian === 0 || latin === 0) return word;
  const table = russian >= latin ? LOOKALIKES : TO_LATIN;
  return [...word].map((letter) => table.get(letter) ?? letter).join('');
}

/** Letters at the end of a word that are its grammar in Russian and Italian: a change there makes another word. */
const ENDING = 2;

/** One slip apart, begun alike, and the endings alike where they are grammar: `идите` is no slip of `ждите`. */
export function isMisspelt(word: string, known: string, inflected: boolean): boolean {
  return (
    oneSlipApart(word, known) && word[0] === known[0] && (!inflected || word.slice(-ENDING) === known.slice(-ENDING))
  );
}

/** True when one slip (a letter too many, too few, wrong, or two swapped) lies between the words. */
export function oneSlipApart(left: string, right: string): boolean {
  if (Math.abs(left.length - right.length) > 1) return false;
  let from = 0;
  while (from < left.length && left[from] === right[from]) from += 1;
  const [restLeft, restRight] = [left.slice(from), right.slice(from)];
  if (restLeft.slice(1) === restRight || restLeft === restRight.slice(1)) return true;
  if (restLeft.slice(1) === restRight.slice(1)) return true;
  return (
    restLeft.length > 1 &&
    restLeft[0] === restRight[1] &&
    restLeft[1] === restRight[0] &&
    restLeft.slice(2) === restRight.slice(2)
  );
}
