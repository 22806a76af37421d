import type { Sentence } from '../../../core/content.ts';
import type { Locale } from '../../../core/locale.ts';
import { fillPlaceholders } from '../../../core/placeholder.ts';
import type { TemplateRecipe } from './recipes.ts';
import { sampleValues } from './sample.ts';

/** A template as Meta stores it and as we fill it. */
export interface Template {
  readonly recipe: TemplateRecipe;
  /** Lower-case letters, digits and `_`. */
  readonly name: string;
  readonly language: Locale;
  /** With `{{1}}`, `{{2}}` … in order. */
  readonly body: string;
  /** What stands for each number: a piece of the locale's text with our placeholders. */
  readonly pieces: readonly string[];
  /** The titles of the buttons, in the recipe's order. */
  readonly buttons: readonly string[];
}

/** The placeholder of the last value, which is made of paragraphs and numbered choices. */
export const REST = 'rest';

const PLACEHOLDER = /\{\{\s*[A-Za-z][A-Za-z0-9.]*\s*\}\}/g;
const WORD = /[\p{L}\p{N}]/u;
/** Fewer words to a value than this and Meta refuses: "too many variables for its length". */
const WORDS_PER_VALUE = 2;

/**
 * The template of a message in one language. Pure. Meta takes no value at the start or the end, none beside another with only
 * punctuation between, and not too many for the words: neighbours are joined into one value, and fixed words stand around.
 */
export function templateOf(recipe: TemplateRecipe, language: Locale, sentence: Sentence): Template {
  const words = sentence(recipe.wording ?? recipe.key, language);
  const parts = joined(tokensOf(recipe.hasRest ? `${words}\n\n{{${REST}}}` : words));
  const pieces = parts.filter(({ isValue }) => isValue).map(({ text }) => text);
  let at = 0;
  const numbered = parts.map(({ text, isValue }) => (isValue ? `{{${(at += 1)}}}` : text)).join('');
  const isBareAtStart = !WORD.test(before(parts));
  const isBareAtEnd = !WORD.test(after(parts));
  const opened =
    isBareAtStart && pieces.length > 0 ? `${sentence('scenarios.template.opening', language)} ${numbered}` : numbered;
  const isSparse = wordsIn(opened) < WORDS_PER_VALUE * pieces.length + 1;
  const body =
    pieces.length > 0 && (isBareAtEnd || isSparse)
      ? `${opened}\n\n${sentence('scenarios.template.closing', language)}`
      : opened;
  const buttons = recipe.buttons.map((key) => sentence(key, language));
  return { recipe, name: nameOf(recipe.key), language, body, pieces, buttons };
}

/** The template as the account's `message_templates` takes it, with an example of each value. */
export function creationOf(template: Template, sentence: Sentence): object {
  const { name, language, body, pieces, buttons, recipe } = template;
  const sample = sampleValues(language, sentence);
  const examples = pieces.map((piece) => oneLine(fillPlaceholders(piece, sample)));
  return {
    name,
    language,
    category: recipe.category,
    components: [
      { type: 'BODY', text: body, ...(pieces.length > 0 && { example: { body_text: [examples] } }) },
      ...(buttons.length > 0
        ? [{ type: 'BUTTONS', buttons: buttons.map((text) => ({ type: 'QUICK_REPLY', text })) }]
        : []),
    ],
  };
}

/** A value as Meta takes it: one line, no runs of spaces. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** `scenarios.recommendationsBefore.text` is `zabota_recommendations_before_text`: an account may hold others' templates too. */
function nameOf(key: string): string {
  const [, ...own] = key.split('.');
  const snake = own.join('_').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return `zabota_${snake}`;
}

interface Token {
  readonly text: string;
  readonly isValue: boolean;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    if (match.index > end) tokens.push({ text: text.slice(end, match.index), isValue: false });
    tokens.push({ text: match[0], isValue: true });
    end = match.index + match[0].length;
  }
  return end < text.length ? [...tokens, { text: text.slice(end), isValue: false }] : tokens;
}

/** Values with no word between them become one: «Monday, 2 March at» stays as the locale wrote it. */
function joined(tokens: readonly Token[]): readonly Token[] {
  const parts: Token[] = [];
  for (const token of tokens) {
    const [last, beforeLast] = [parts.at(-1), parts.at(-2)];
    if (token.isValue && last?.isValue === true) {
      parts.splice(-1, 1, { text: last.text + token.text, isValue: true });
    } else if (token.isValue && last !== undefined && beforeLast?.isValue === true && !WORD.test(last.text)) {
      parts.splice(-2, 2, { text: beforeLast.text + last.text + token.text, isValue: true });
    } else parts.push(token);
  }
  return parts;
}

function before(parts: readonly Token[]): string {
  return parts[0]?.isValue === false ? parts[0].text : '';
}

function after(parts: readonly Token[]): string {
  const last = parts.at(-1);
  return last?.isValue === false ? last.text : '';
}

function wordsIn(body: string): number {
  return body
    .replace(/\{\{\d+\}\}/g, ' ')
    .split(/\s+/)
    .filter((word) => WORD.test(word)).length;
}
