import { parseFilterField } from '../query/parse-filter.ts';
import type { Stored } from '../storage/collection.ts';
import type { CommandContext, Work } from './command.ts';
import { forEachTarget, type Target } from './target.ts';

/** Does one delete statement and gives how many documents went, and the last of them. */
export function* remove(
  context: CommandContext,
  target: Target,
): Work<{ readonly deleted: number; readonly last?: Stored | undefined }> {
  const match = parseFilterField(target.filter, 'delete.q', target.variables);
  let last: Stored | undefined;
  const deleted = yield* forEachTarget(context, target, match, (collection, document) => {
    collection.remove(document);
    last = document;
  });
  return { deleted, last };
}
