import { AppError } from '../../core/errors.ts';
import { answerJson, type CallService, refusalWords } from './service-call.ts';

/** What became of a line; `words` say why it was refused. */
export interface LineResult {
  readonly words: string | null;
}

const MEDIA = 'application/x-ndjson';

/** `POST /batch` for these lines: a result for each, in their order. A line at which the service failed is refused, those after it are sent again. Throws `AppError` when the whole call is refused. */
export async function sendBatch(
  call: CallService,
  lines: readonly string[],
  { quiet }: { readonly quiet: boolean },
): Promise<readonly LineResult[]> {
  const results: LineResult[] = [];
  while (results.length < lines.length) {
    const rest = lines.slice(results.length);
    const path = quiet ? '/batch?quiet=true' : '/batch';
    const answer = await call({ method: 'POST', path, body: `${rest.join('\n')}\n`, contentType: MEDIA });
    if (answer.status !== 200) throw new AppError('notReady', `the service refused the batch: ${refusalWords(answer)}`);
    results.push(...readResults(answer.text, rest.length));
  }
  return results;
}

function readResults(text: string, most: number): readonly LineResult[] {
  const results: LineResult[] = [];
  for (const each of text
    .split('\n')
    .filter((words) => words !== '')
    .slice(0, most)) {
    const outcome = answerJson({ status: 200, text: each });
    const status = typeof outcome['status'] === 'number' ? outcome['status'] : 500;
    results.push({
      words: status < 300 ? null : refusalWords({ status, text: JSON.stringify(outcome['error'] ?? {}) }),
    });
    if (status >= 500) return results;
  }
  return results.length === 0 ? [{ words: 'the service gave no answer' }] : results;
}
