import { type RenderedText, withNumberedChoices } from '../../core/content.ts';

/** What is handed to the page. */
export type PageContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'poll'; readonly question: string; readonly options: readonly string[] };

/** WhatsApp's limits: of a text, of a poll's question, of its options and their count. */
const TEXT = 65_536;
const QUESTION = 255;
const OPTION = 100;
const LEAST_OPTIONS = 2;
const MOST_OPTIONS = 12;

/**
 * Choices are numbered lines, for buttons and lists of whatsapp-web.js reach nobody (background/field.md C1). With `polls` they
 * are a poll where question and titles fit into one; a poll's titles must differ.
 */
export function renderWhatsappWeb(text: RenderedText, { polls }: { polls: boolean }): PageContent {
  const titles = text.choices.map(({ title }) => title.trim());
  const fits =
    titles.length >= LEAST_OPTIONS &&
    titles.length <= MOST_OPTIONS &&
    new Set(titles).size === titles.length &&
    titles.every((title) => title !== '' && title.length <= OPTION) &&
    text.text.length <= QUESTION;
  return polls && fits
    ? { kind: 'poll', question: text.text, options: titles }
    : { kind: 'text', text: cut(withNumberedChoices(text), TEXT) };
}

/** At most so many UTF-16 units, between two graphemes. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = new Intl.Segmenter().segment(text).containing(most - 1)?.index ?? most - 1;
  return `${text.slice(0, end)}…`;
}
