import type { OutgoingMessage } from '../../core/channel.ts';
import { type RenderedText, withNumberedChoices } from '../../core/content.ts';
import { cutText } from '../../core/cut-text.ts';
import { tapToken } from '../taps.ts';

/** Reply buttons of one message. */
export const MAX_BUTTONS = 3;
/** Rows of one list. */
export const MAX_ROWS = 10;
const MOST_TEXT = 4096;
const MOST_BODY = 1024;
const BUTTON_TITLE = 20;
const ROW = { title: 24, description: 72 } as const;
const CUT = '…';

/**
 * A free-form message: reply buttons for a few short titles, a list for up to `MAX_ROWS`, numbered lines for more, or where the
 * text is too long to carry buttons. `choose` opens the list. Pure (limits: field.md D1).
 */
export function renderFreeForm(
  { text, messageId }: Pick<OutgoingMessage, 'text' | 'messageId'>,
  { choose }: { readonly choose: string },
): object {
  const titles = text.choices.map(({ title }) => title);
  const carries = titles.length > 0 && text.text !== '' && text.text.length <= MOST_BODY && !titles.includes('');
  if (carries && fitButtons(titles))
    return interactive('button', text, {
      buttons: titles.map((title, place) => ({ type: 'reply', reply: { id: tapToken(messageId, place), title } })),
    });
  if (carries && titles.length <= MAX_ROWS)
    return interactive('list', text, {
      button: cutText(choose, BUTTON_TITLE),
      sections: [{ rows: titles.map((title, place) => row(title, tapToken(messageId, place))) }],
    });
  return { type: 'text', text: { preview_url: false, body: inFull(text) || CUT } };
}

/** Meta refuses two buttons of one title. */
function fitButtons(titles: readonly string[]): boolean {
  return (
    titles.length <= MAX_BUTTONS &&
    titles.every((title) => title.length <= BUTTON_TITLE) &&
    new Set(titles).size === titles.length
  );
}

function interactive(type: 'button' | 'list', { text }: RenderedText, action: object): object {
  return { type: 'interactive', interactive: { type, body: { text }, action } };
}

/** A title that is too long is cut, and stands whole in the line below it. */
function row(title: string, id: string): object {
  if (title.length <= ROW.title) return { id, title };
  return { id, title: cutText(title, ROW.title, CUT), description: cutText(title, ROW.description, CUT) };
}

/** With the choices as numbered lines; where all that is too long, the words before them are cut. */
function inFull(text: RenderedText): string {
  const whole = withNumberedChoices(text);
  if (whole.length <= MOST_TEXT) return whole;
  const room = text.text.length - (whole.length - MOST_TEXT);
  if (room <= CUT.length) return cutText(whole, MOST_TEXT, CUT);
  return withNumberedChoices({ ...text, text: cutText(text.text, room, CUT) });
}
