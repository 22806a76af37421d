import type {
  InlineKeyboardButton,
  InlineKeyboardMarkup,
  ReplyKeyboardMarkup,
  ReplyKeyboardRemove,
} from 'grammy/types';
import type { OutgoingMessage } from '../../core/channel.ts';
import { type RenderedChoice, type RenderedText, withNumberedChoices } from '../../core/content.ts';
import { cutText } from '../../core/cut-text.ts';
import { tapToken } from '../taps.ts';

/** Telegram's limit of a message, in UTF-16 units. */
const MAX_TEXT = 4096;
/** Telegram's limit of a keyboard. */
export const MAX_BUTTONS = 100;
const MAX_TOPIC = 128;
/** Together this many characters of titles are legible side by side on a phone. */
const ROW_CHARACTERS = 24;
const ROW_BUTTONS = 5;

/** What `sendMessage` takes beside the chat. */
export interface Rendered {
  readonly text: string;
  readonly markup: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | null;
  /** What the message does to the keyboard under the chat's input line. */
  readonly keyboard: 'shown' | 'taken' | 'kept';
}

/**
 * Plain text, so that `*` and `<` in a name stay what they are. Choices are buttons under the message; a choice that asks for
 * the contact needs the keyboard in place of the input line, and as Telegram takes one of the two, all choices of that
 * message go there and come back as their words. `taken`: the last message showed such a keyboard and this one removes it.
 */
export function renderMessage(
  { messageId, text }: Pick<OutgoingMessage, 'messageId' | 'text'>,
  shown: boolean,
): Rendered {
  const { choices } = text;
  if (choices.length > MAX_BUTTONS) return { text: numbered(text), markup: null, keyboard: 'kept' };
  const plain = cutText(text.text, MAX_TEXT, '…');
  if (choices.some(({ asks }) => asks === 'contact'))
    return { text: plain, markup: contactKeyboard(choices), keyboard: 'shown' };
  if (choices.length > 0)
    return { text: plain, markup: { inline_keyboard: rows(messageId, choices) }, keyboard: 'kept' };
  return shown
    ? { text: plain, markup: { remove_keyboard: true }, keyboard: 'taken' }
    : { text: plain, markup: null, keyboard: 'kept' };
}

/** The name of the topic that a first message opens: its first line. */
export function topicName({ text }: RenderedText, key: string): string {
  const [line = ''] = text.trim().split('\n', 1);
  return cutText(line.trim() === '' ? key : line.trim(), MAX_TOPIC, '…');
}

function numbered(text: RenderedText): string {
  const lines = withNumberedChoices({ ...text, text: '' }).length;
  return cutText(
    withNumberedChoices({ ...text, text: cutText(text.text, Math.max(1, MAX_TEXT - lines), '…') }),
    MAX_TEXT,
    '…',
  );
}

function contactKeyboard(choices: readonly RenderedChoice[]): ReplyKeyboardMarkup {
  return {
    keyboard: choices.map(({ title, asks }) => [{ text: title, ...(asks === 'contact' && { request_contact: true }) }]),
    one_time_keyboard: true,
    resize_keyboard: true,
  };
}

/** As many side by side as stay legible. */
function rows(messageId: string, choices: readonly RenderedChoice[]): InlineKeyboardButton[][] {
  const all: InlineKeyboardButton[][] = [];
  let width = 0;
  for (const [place, { title }] of choices.entries()) {
    const button = { text: title, callback_data: tapToken(messageId, place) };
    const row = all.at(-1);
    width += title.length;
    if (row !== undefined && row.length < ROW_BUTTONS && width <= ROW_CHARACTERS) row.push(button);
    else {
      all.push([button]);
      width = title.length;
    }
  }
  return all;
}
