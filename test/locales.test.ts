import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { LOCALES } from '../src/core/locale.ts';
import { loadDictionaries } from '../src/i18n.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dictionaries = loadDictionaries(join(root, 'locales'));
const PLURAL = /_(zero|one|two|few|many|other)$/;

function sentences(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, inner]) =>
    sentences(inner, path === '' ? key : `${path}.${key}`),
  );
}

/** Key without its plural form, with the placeholders of its sentences. */
function shape(locale: (typeof LOCALES)[number]): ReadonlyMap<string, string> {
  const found = new Map<string, Set<string>>();
  for (const [path, text] of sentences(dictionaries[locale])) {
    const key = path.replace(PLURAL, '');
    const names = found.get(key) ?? new Set<string>();
    for (const [, name = ''] of text.matchAll(/\{\{([^}]+)\}\}/g)) names.add(name.trim());
    found.set(key, names);
  }
  return new Map([...found].map(([key, names]) => [key, [...names].sort().join(' ')]));
}

const code = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(ts|js)$/.test(entry.name))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  .join('\n');

/** Keys that the code puts together, as patterns: `survey.score${n}`. */
const templates = [...code.matchAll(/`((?:[\w.]|\$\{[\w.]+\})*\$\{[\w.]+\}[\w.]*)`/g)].map(
  ([, text = '']) => new RegExp(`^${text.replace(/[.]/g, '\\.').replace(/\$\{[^}]*\}/g, '\\w+')}$`),
);
const puts = (key: string): boolean =>
  templates.some(({ source }) => /[a-z]{4}/.test(source.replaceAll('\\w', '')) && new RegExp(source).test(key));

describe('The locales', () => {
  it.each(['en', 'it'] as const)('%s has the keys and placeholders of ru', (locale) => {
    expect(Object.fromEntries(shape(locale))).toEqual(Object.fromEntries(shape('ru')));
  });

  it.each(LOCALES)('%s has no empty sentence', (locale) => {
    expect(sentences(dictionaries[locale]).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('have no sentence that nothing says', () => {
    const unused = [...shape('en').keys()].filter((key) => {
      const parts = key.split('.');
      const said = [key, parts.slice(1).join('.'), parts.at(-1) ?? ''];
      return !said.some((part) => new RegExp(`\\b${part.replaceAll('.', '\\.')}\\b`).test(code) || puts(part));
    });
    expect(unused).toEqual([]);
  });
});
