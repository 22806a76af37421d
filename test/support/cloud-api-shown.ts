import { valuesError } from './cloud-api-limits.ts';
import type { StoredTemplate } from './cloud-api-templates.ts';

type Json = Readonly<Record<string, unknown>>;

/** A message as the user's phone shows it. */
export interface ShownMessage {
  readonly id: string;
  readonly text: string;
  readonly choices: readonly { readonly id: string; readonly title: string; readonly description?: string }[];
  readonly how: 'text' | 'button' | 'list' | 'template';
  readonly attemptId: string;
}

/** A free-form message as the user sees it. */
export function shownFreeForm(body: Json): Pick<ShownMessage, 'text' | 'choices' | 'how'> {
  if (body['type'] === 'text') return { text: String((body['text'] as Json)['body']), choices: [], how: 'text' };
  const interactive = body['interactive'] as {
    readonly type: 'button' | 'list';
    readonly body: { readonly text: string };
    readonly action: {
      readonly buttons?: readonly { readonly reply: { readonly id: string; readonly title: string } }[];
      readonly sections?: readonly { readonly rows: readonly { readonly id: string; readonly title: string }[] }[];
    };
  };
  const { action } = interactive;
  const choices =
    interactive.type === 'button'
      ? (action.buttons ?? []).map(({ reply }) => reply)
      : (action.sections ?? []).flatMap(({ rows }) => rows);
  return { text: interactive.body.text, choices, how: interactive.type };
}

/** A template with its values, as the user sees it. */
export function fillTemplate(
  sent: Json,
  templates: readonly StoredTemplate[],
): { readonly code: number } | Pick<ShownMessage, 'text' | 'choices'> {
  const language = (sent['language'] as { readonly code: string }).code;
  const known = templates.find((one) => one.name === sent['name'] && one.language === language);
  if (known === undefined || known.status === 'PENDING' || known.status === 'REJECTED') return { code: 132001 };
  if (known.status === 'PAUSED') return { code: 132015 };
  if (known.status !== 'APPROVED') return { code: 132016 };
  const components = (sent['components'] ?? []) as readonly {
    readonly type: string;
    readonly index?: string;
    readonly parameters: readonly { readonly text?: string; readonly payload?: string }[];
  }[];
  const component = (type: string) => known.components.find((one) => one['type'] === type);
  const body = String(component('BODY')?.['text']);
  const values = components.find(({ type }) => type === 'body')?.parameters.map(({ text }) => text ?? '') ?? [];
  const code = valuesError(values, new Set(body.match(/\{\{\d+\}\}/g)).size);
  if (code !== null) return { code };
  const titles = ((component('BUTTONS')?.['buttons'] ?? []) as readonly { readonly text: string }[]).map(
    ({ text }) => text,
  );
  const payloads = new Map(
    components.filter(({ type }) => type === 'button').map(({ index, parameters }) => [index, parameters[0]?.payload]),
  );
  const text = body.replace(/\{\{(\d+)\}\}/g, (_whole, number: string) => values[Number(number) - 1] ?? '');
  if (text.length > (titles.length > 0 ? 1024 : 4096)) return { code: 132005 };
  return { text, choices: titles.map((title, index) => ({ title, id: payloads.get(String(index)) ?? title })) };
}
