import type { OutgoingMessage } from '../../../core/channel.ts';
import type { Content, Sentence, Values } from '../../../core/content.ts';
import { cutText } from '../../../core/cut-text.ts';
import { fillPlaceholders } from '../../../core/placeholder.ts';
import { tapToken } from '../../taps.ts';
import { oneLine, REST, type Template } from './shape.ts';

/** The longest body after filling: with buttons 1,024; without them Meta takes more, and a message is never longer than a text. */
const MOST_WITH_BUTTONS = 1024;
const MOST_WITHOUT = 4096;
const MOST_VALUE = 200;
const NOTHING = '—';
const LINE = ' • ';

/**
 * The template of a message with its values: flattened to one line each and cut, the last one to what room is left; never empty.
 * Null where the message says something that the template has no place for.
 */
export function fillTemplate(
  template: Template,
  { content, text, messageId }: Pick<OutgoingMessage, 'content' | 'text' | 'messageId'>,
  sentence: Sentence,
): object | null {
  const { recipe, name, language, body, pieces, buttons } = template;
  const words = (part: Content): string => wordsOf(part, template, sentence);
  const choices = content.choices ?? [];
  const places = recipe.buttons.map((key) => choices.findIndex((choice) => choice.key === key));
  if (places.includes(-1)) return null;
  const numbered = choices.flatMap((_choice, place) =>
    places.includes(place) ? [] : [`${place + 1} – ${text.choices[place]?.title ?? ''}`],
  );
  const hasParts = (content.parts ?? []).length > 0 && recipe.wording === undefined;
  if (!recipe.hasRest && (hasParts || numbered.length > 0)) return null;
  const rest = recipe.hasRest ? [...paragraphs(content, template).map(words), ...numbered] : [];
  const values = flat({ ...content.values });
  const most = buttons.length > 0 ? MOST_WITH_BUTTONS : MOST_WITHOUT;
  return {
    name,
    language: { code: language },
    components: [
      ...(pieces.length === 0
        ? []
        : [
            {
              type: 'body',
              parameters: fitted(body, pieces, values, rest, most).map((one) => ({ type: 'text', text: one })),
            },
          ]),
      ...places.map((place, index) => ({
        type: 'button',
        sub_type: 'quick_reply',
        index: String(index),
        parameters: [{ type: 'payload', payload: tapToken(messageId, place) }],
      })),
    ],
  };
}

/** The paragraphs that follow the template's own words. */
function paragraphs(content: Content, { recipe }: Template): readonly Content[] {
  const parts = content.parts ?? [];
  if (content.own === undefined || recipe.firstLine === undefined) return parts;
  return [{ key: parts[0]?.key ?? recipe.firstLine, values: content.values }, ...parts];
}

function wordsOf(part: Content, template: Template, sentence: Sentence): string {
  const own = fillPlaceholders(part.own ?? sentence(part.key, template.language), part.values);
  return [own, ...(part.parts ?? []).map((inner) => wordsOf(inner, template, sentence))]
    .filter((one) => one !== '')
    .join('\n');
}

function fitted(
  body: string,
  pieces: readonly string[],
  values: Values,
  rest: readonly string[],
  most: number,
): readonly string[] {
  const fill = (piece: string, last: string): string => oneLine(fillPlaceholders(piece, { ...values, [REST]: last }));
  const short = pieces.map((piece) => cutText(fill(piece, ''), MOST_VALUE, '…') || NOTHING);
  const room = most - body.length - short.reduce((sum, one) => sum + one.length, 0);
  const lines = rest
    .flatMap((one) => one.split('\n'))
    .map(oneLine)
    .filter((line) => line !== '');
  const last = cutText(lines.join(LINE), Math.max(1, room), '…') || NOTHING;
  return pieces.map((piece, index) => (piece.includes(`{{${REST}}}`) ? fill(piece, last) : (short[index] ?? NOTHING)));
}

function flat(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, oneLine(String(value))]));
}
