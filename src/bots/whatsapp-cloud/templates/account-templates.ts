import type { Graph, GraphAnswer } from '../graph.ts';
import { entriesOf, fieldOf, wordsOf } from '../json-shape.ts';
import type { Template } from './shape.ts';

/** A template of the account as Meta has it. */
export interface AccountTemplate {
  readonly name: string;
  readonly language: string;
  /** `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED` … */
  readonly status: string;
  readonly category: string;
  readonly body: string;
  readonly buttons: readonly string[];
}

const MOST_PAGES = 20;
const FIELDS = 'name,language,status,category,components';

/** Every template of the account, page by page; Meta's answer where one of the pages was not to be had. */
export async function readTemplates(
  graph: Graph,
  accountId: string,
): Promise<readonly AccountTemplate[] | Exclude<GraphAnswer, { kind: 'ok' }>> {
  const found: AccountTemplate[] = [];
  let after = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await graph.get(`/${accountId}/message_templates?fields=${FIELDS}&limit=100${after}`);
    if (answer.kind !== 'ok') return answer;
    for (const entry of entriesOf(fieldOf(answer.json, 'data'))) {
      const template = templateIn(entry);
      if (template !== null) found.push(template);
    }
    const paging = fieldOf(answer.json, 'paging');
    const cursor = wordsOf(fieldOf(fieldOf(paging, 'cursors'), 'after'));
    if (cursor === null || fieldOf(paging, 'next') === undefined) return found;
    after = `&after=${encodeURIComponent(cursor)}`;
  }
  return found;
}

/** Whether the account's template is the one that our locale makes. */
export function isSame({ body, buttons }: AccountTemplate, ours: Template): boolean {
  return body === ours.body && buttons.join('\n') === ours.buttons.join('\n');
}

/** Whether our values fit the account's template, even if its words are older than ours. */
export function takesValues({ body, buttons }: AccountTemplate, ours: Template): boolean {
  const values = new Set([...body.matchAll(/\{\{(\d+)\}\}/g)].map(([, number]) => number));
  return values.size === ours.pieces.length && buttons.length === ours.buttons.length;
}

function templateIn(entry: unknown): AccountTemplate | null {
  const [name, language] = [wordsOf(fieldOf(entry, 'name')), wordsOf(fieldOf(entry, 'language'))];
  if (name === null || language === null) return null;
  const components = entriesOf(fieldOf(entry, 'components'));
  const component = (type: string): unknown => components.find((one) => fieldOf(one, 'type') === type);
  return {
    name,
    language,
    status: wordsOf(fieldOf(entry, 'status')) ?? 'UNKNOWN',
    category: wordsOf(fieldOf(entry, 'category')) ?? '',
    body: wordsOf(fieldOf(component('BODY'), 'text')) ?? '',
    buttons: entriesOf(fieldOf(component('BUTTONS'), 'buttons')).map((one) => wordsOf(fieldOf(one, 'text')) ?? ''),
  };
}
