import { type Element, elements, oneLine, texts } from './element.ts';
import { isOver } from './period.ts';

/** A person's name in the parts that the contract knows. */
export interface PersonName {
  readonly lastName?: string;
  readonly firstName?: string;
  readonly patronymic?: string;
}

const USES = ['official', 'usual', undefined, 'nickname', 'temp', 'anonymous'];
const PATRONYMIC = /(вич|ьич|вна|ична|инична|оглы|кызы)$/iu;

/** The name that a person goes by now: the official one, else the usual one; old and maiden names never while there is another. */
function currentName(names: unknown, now: Date): Element | null {
  const all = elements(names);
  const holding = all.filter((name) => !isOver(name, now) && !['old', 'maiden'].includes(String(name['use'])));
  const rank = (name: Element): number => {
    const at = USES.indexOf(typeof name['use'] === 'string' ? name['use'] : undefined);
    return at === -1 ? USES.length : at;
  };
  return holding.toSorted((a, b) => rank(a) - rank(b))[0] ?? all[0] ?? null;
}

/** Family and given names; a name that is only text is read as "Family, Given" or "Given Family". A second given name counts as a patronymic only where it is one. */
export function personName(names: unknown, now: Date): PersonName {
  const name = currentName(names, now);
  if (name === null) return {};
  const given = texts(name['given']).flatMap((each) => oneLine(each, 100) ?? []);
  const family = oneLine(name['family'], 100);
  const parts = family === undefined && given.length === 0 ? split(oneLine(name['text'])) : { family, given };
  const patronymic = parts.given.slice(1).find((each) => PATRONYMIC.test(each));
  return {
    ...(parts.family !== undefined && { lastName: parts.family }),
    ...(parts.given[0] !== undefined && { firstName: parts.given[0] }),
    ...(patronymic !== undefined && { patronymic }),
  };
}

/** A name in one line, as a doctor's is shown: the text as it was given, else its parts in their order. */
export function displayName(names: unknown, now: Date): string | undefined {
  const name = currentName(names, now);
  if (name === null) return undefined;
  const parts = [
    ...texts(name['prefix']),
    ...texts(name['given']),
    oneLine(name['family']) ?? '',
    ...texts(name['suffix']),
  ];
  return oneLine(name['text']) ?? oneLine(parts.join(' '));
}

function split(words: string | undefined): { family: string | undefined; given: readonly string[] } {
  if (words === undefined) return { family: undefined, given: [] };
  const [before = '', after] = words.split(/\s*,\s*/);
  if (after !== undefined && after !== '') return { family: before, given: after.split(' ') };
  const parts = before.split(' ');
  return { family: parts.at(-1), given: parts.slice(0, -1) };
}
