import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstance } from 'i18next';
import type { Content, Render, RenderedText, Sentence } from './core/content.ts';
import { LOCALES, type Locale } from './core/locale.ts';
import { fillPlaceholders } from './core/placeholder.ts';

/** All sentences: `locales/<locale>/<room>.json`, a key's first part is its file. */
export type Dictionary = Readonly<Record<string, unknown>>;

/** Reads every locale once, at start; throws when a file is no JSON. */
export function loadDictionaries(folder: string): Readonly<Record<Locale, Dictionary>> {
  const read = (locale: Locale): Dictionary =>
    Object.fromEntries(
      readdirSync(join(folder, locale))
        .filter((file) => file.endsWith('.json'))
        .map((file): [string, unknown] => [
          file.slice(0, -5),
          JSON.parse(readFileSync(join(folder, locale, file), 'utf8')),
        ]),
    );
  return { ru: read('ru'), en: read('en'), it: read('it') };
}

/** Sentences as they are written; forms of a plural have their own keys, such as `survey.text_one`. */
export function createSentence(dictionaries: Readonly<Record<Locale, Dictionary>>): Sentence {
  return (key, locale) => {
    const found = key
      .split('.')
      .reduce<unknown>(
        (level, name) => (typeof level === 'object' && level !== null ? (level as Dictionary)[name] : undefined),
        dictionaries[locale],
      );
    if (typeof found !== 'string') throw new Error(`no words for ${key} in ${locale}`);
    return found;
  };
}

/** The renderer of every text. A key that no locale has is a programmer's error and throws. */
export async function createRender(dictionaries: Readonly<Record<Locale, Dictionary>>): Promise<Render> {
  const i18n = createInstance();
  await i18n.init({
    resources: Object.fromEntries(LOCALES.map((locale) => [locale, { translation: dictionaries[locale] }])),
    supportedLngs: [...LOCALES],
    fallbackLng: false,
    returnNull: false,
    interpolation: { escapeValue: false, skipOnVariables: true },
  });
  const say = (key: string, locale: Locale, values: Readonly<Record<string, string | number>>): string => {
    if (!i18n.exists(key, { lng: locale, ...values })) throw new Error(`no words for ${key} in ${locale}`);
    // Placeholders are filled by us, not by i18next: a value such as a patient's name is never read as a template.
    const text = i18n.t(key, {
      lng: locale,
      count: typeof values['count'] === 'number' ? values['count'] : undefined,
      interpolation: { skipOnVariables: true, prefix: '\u0001', suffix: '\u0002' },
    });
    return fillPlaceholders(text, values);
  };
  const words = (content: Content, locale: Locale): string => {
    const own =
      content.own === undefined
        ? say(content.key, locale, content.values)
        : fillPlaceholders(content.own, content.values);
    return [own, ...(content.parts ?? []).map((part) => words(part, locale))]
      .filter((part) => part !== '')
      .join('\n\n');
  };
  return (content, locale): RenderedText => ({
    key: content.key,
    locale,
    text: words(content, locale),
    choices: (content.choices ?? []).map((choice) => ({
      id: choice.id,
      title: choice.key === null ? (choice.title ?? '') : say(choice.key, locale, choice.values ?? {}),
      ...(choice.asks !== undefined && { asks: choice.asks }),
    })),
  });
}
