import type { Locale } from './locale.ts';

/** A button or a list row of a question; `id` is what comes back when it is tapped. */
export interface Choice {
  readonly id: string;
  /** Locale key of the title, or `null` when `title` is already words (a date, a doctor's name). */
  readonly key: string | null;
  readonly title?: string;
  readonly values?: Values;
  /** The tap hands over the patient's own number where the platform has such a button. */
  readonly asks?: 'contact';
}

export type Values = Readonly<Record<string, string | number>>;

/** What is to be said, without a sentence: a locale key, its values, and the choices offered. Values are never expanded again. */
export interface Content {
  readonly key: string;
  readonly values: Values;
  /** The branch's own text in place of the key's default; placeholders as in `{{patient.firstName}}`. */
  readonly own?: string;
  /** Further paragraphs, each rendered by itself and joined by an empty line. */
  readonly parts?: readonly Content[];
  readonly choices?: readonly Choice[];
}

export interface RenderedChoice {
  readonly id: string;
  readonly title: string;
  readonly asks?: 'contact';
}

/** Words ready for a channel; `key` stays so that an approved template can be found by it. */
export interface RenderedText {
  readonly key: string;
  readonly locale: Locale;
  readonly text: string;
  readonly choices: readonly RenderedChoice[];
}

/** Turns content into words. Pure: the same content and locale give the same words. Plural by the value `count`. */
export type Render = (content: Content, locale: Locale) => RenderedText;

/** The words of a key as the locale has them, placeholders and all. A key without words throws. */
export type Sentence = (key: string, locale: Locale) => string;

/** The text for a channel without buttons: the choices follow as numbered lines. */
export function withNumberedChoices(text: RenderedText): string {
  if (text.choices.length === 0) return text.text;
  const lines = text.choices.map((choice, index) => `${index + 1} – ${choice.title}`);
  return `${text.text}\n\n${lines.join('\n')}`;
}
