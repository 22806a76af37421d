import type { WhatsappCloudSettings } from '../../../core/channel-settings.ts';
import type { Sentence } from '../../../core/content.ts';
import { createGraph, type Graph } from '../graph.ts';
import { ourTemplates } from '../templates.ts';
import { type AccountTemplate, isSame, readTemplates } from './account-templates.ts';
import { creationOf, type Template } from './shape.ts';

/** Where the command writes its lines. */
export interface TemplatesOutput {
  out(line: string): void;
  err(line: string): void;
}

const USAGE = `npm run templates -- status    shows the WhatsApp templates that the locales make, and what Meta says of them
npm run templates -- submit    sends to Meta those that it does not have; the others are left as they are`;
const DONE = 0;
const FAILED = 1;
const WRONG_USE = 2;
const TIMEOUT_MS = 30_000;

/** `npm run templates -- submit|status`; may be repeated. Resolves with the exit code: 1 when Meta could not be asked or refused one, 2 for wrong use. */
export async function runTemplates(
  args: readonly string[],
  settings: WhatsappCloudSettings | null,
  sentence: Sentence,
  output: TemplatesOutput,
): Promise<number> {
  const [command, ...more] = args;
  if ((command !== 'submit' && command !== 'status') || more.length > 0) {
    output.err(USAGE);
    return WRONG_USE;
  }
  if (settings === null) {
    output.err('The WhatsApp Cloud API is not set up: see WHATSAPP_CLOUD_TOKEN in npm start -- --help');
    return WRONG_USE;
  }
  const graph = createGraph(settings, TIMEOUT_MS);
  try {
    return await run(command, graph, settings.accountId, sentence, output);
  } finally {
    await graph.close();
  }
}

async function run(
  command: 'submit' | 'status',
  graph: Graph,
  accountId: string,
  sentence: Sentence,
  { out, err }: TemplatesOutput,
): Promise<number> {
  const found = await readTemplates(graph, accountId);
  if ('kind' in found) {
    err(`Meta did not list the templates: ${found.kind === 'error' ? `error ${found.code}` : found.kind}`);
    return FAILED;
  }
  const known = new Map(found.map((template) => [`${template.name} ${template.language}`, template]));
  const rows: (readonly string[])[] = [['TEMPLATE', 'LANGUAGE', 'CATEGORY', 'STATUS']];
  let code = DONE;
  for (const template of ourTemplates(sentence)) {
    const { name, language, recipe } = template;
    const existing = known.get(`${name} ${language}`);
    if (existing !== undefined || command === 'status') {
      rows.push([name, language, existing?.category ?? recipe.category, statusOf(existing, template)]);
      continue;
    }
    const answer = await graph.post(`/${accountId}/message_templates`, creationOf(template, sentence));
    if (answer.kind !== 'ok') code = FAILED;
    const outcome = answer.kind === 'error' ? `refused: error ${answer.code}` : answer.kind;
    rows.push([name, language, recipe.category, answer.kind === 'ok' ? 'submitted' : outcome]);
  }
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)) + 2);
  for (const row of rows) out(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(''));
  return code;
}

function statusOf(existing: AccountTemplate | undefined, template: Template): string {
  if (existing === undefined) return 'not submitted';
  return isSame(existing, template) ? existing.status : `${existing.status}, other words than the locale has`;
}
