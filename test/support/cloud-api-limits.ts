/** What Meta refuses, as its published documentation has it; null where it takes the payload. Used by the stand-in only. */

type Json = Readonly<Record<string, unknown>>;

const part = (value: unknown, name: string): Json => ((value as Json | undefined)?.[name] ?? {}) as Json;
const list = (value: unknown, name: string): readonly Json[] => ((value as Json | undefined)?.[name] ?? []) as Json[];
const words = (value: unknown, name: string): string => {
  const found = (value as Json | undefined)?.[name];
  return typeof found === 'string' ? found : '';
};
const over = (text: string, most: number): boolean => text === '' || text.length > most;

/** The error code for a free-form message (text, reply buttons, list). */
export function freeFormError(message: Json): number | null {
  if (message['type'] === 'text') return over(words(part(message, 'text'), 'body'), 4096) ? 131009 : null;
  if (message['type'] !== 'interactive') return 131051;
  const interactive = part(message, 'interactive');
  const action = part(interactive, 'action');
  if (over(words(part(interactive, 'body'), 'text'), 1024)) return 131009;
  if (interactive['type'] === 'button') {
    const replies = list(action, 'buttons').map((button) => part(button, 'reply'));
    const titles = replies.map((reply) => words(reply, 'title'));
    const isBad =
      replies.length < 1 ||
      replies.length > 3 ||
      titles.some((title) => over(title, 20)) ||
      new Set(titles).size < titles.length ||
      replies.some((reply) => over(words(reply, 'id'), 256));
    return isBad ? 131009 : null;
  }
  const rows = list(action, 'sections').flatMap((section) => list(section, 'rows'));
  const isBad =
    interactive['type'] !== 'list' ||
    over(words(action, 'button'), 20) ||
    rows.length < 1 ||
    rows.length > 10 ||
    rows.some(
      (row) => over(words(row, 'title'), 24) || over(words(row, 'id'), 200) || words(row, 'description').length > 72,
    );
  return isBad ? 131009 : null;
}

/** The error code for the values of a template's body. */
export function valuesError(values: readonly string[], wanted: number): number | null {
  if (values.length !== wanted) return 132000;
  if (values.includes('')) return 131008;
  return values.some((value) => /[\n\t]| {4}/.test(value)) ? 132018 : null;
}

/** The subcode for a template that is to be created; 0 for a fault without one. */
export function creationFault(template: Json): number | null {
  const components = list(template, 'components');
  const body = components.find((one) => one['type'] === 'BODY');
  const text = words(body, 'text');
  const numbers = [...text.matchAll(/\{\{(\d+)\}\}/g)].map(([, number]) => Number(number));
  const buttons = components.filter((one) => one['type'] === 'BUTTONS').flatMap((one) => list(one, 'buttons'));
  const bare = text.replace(/[\s\p{P}\p{S}]+$/u, (end) => end.replace(/[^{}]/gu, ''));
  if (!/^[a-z0-9_]{1,512}$/.test(words(template, 'name'))) return 0;
  if (!['UTILITY', 'MARKETING'].includes(words(template, 'category'))) return 0;
  if (over(text, 1024)) return 0;
  if (/^[\s\p{P}]*\{\{\d+\}\}/u.test(text) || bare.endsWith('}}')) return 2388299;
  if (/\}\}[^\p{L}\p{N}]*\{\{/u.test(text)) return 0;
  if (numbers.some((number, index) => number !== index + 1)) return 0;
  const fixed = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word.replace(/\{\{\d+\}\}/g, '')));
  if (numbers.length > 0 && fixed.length < 2 * numbers.length + 1) return 2388293;
  const examples = (part(body, 'example')['body_text'] as readonly (readonly string[])[] | undefined)?.[0] ?? [];
  if (examples.length !== numbers.length || examples.some((one) => one === '' || /[\n\t]| {4}/.test(one))) return 0;
  if (buttons.length > 10 || buttons.some((button) => over(words(button, 'text'), 25))) return 0;
  return /\n{3,}/.test(text) ? 0 : null;
}
