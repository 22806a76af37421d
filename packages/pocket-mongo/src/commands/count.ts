import { parseFilterField } from '../query/parse-filter.ts';
import { openSource } from '../read/open-source.ts';
import { paged } from '../read/paged.ts';
import { MISS, type Source } from '../read/source.ts';
import { toDouble } from '../values/number.ts';
import { type Doc, field, isNumeric } from '../values/value.ts';
import type { Command, CommandContext, Work } from './command.ts';
import { countField, hintField } from './fields.ts';
import { namespaceOf } from './namespace.ts';

function* tally(source: Source<unknown>): Work<number> {
  let n = 0;
  for (;;) {
    const next = source.step();
    if (next === undefined) return n;
    if (next !== MISS) n++;
    yield;
  }
}

function* counted(request: Doc, context: CommandContext): Work<Doc> {
  const query = field(request, 'query') ?? undefined;
  const match = parseFilterField(query, 'count.query');
  const skip = countField(request, 'skip', 'count') ?? 0;
  const asked = field(request, 'limit');
  const limit = isNumeric(asked) ? Math.abs(toDouble(asked)) || undefined : undefined;
  const collection = context.store.catalog.get(namespaceOf(request, context));
  if (!collection) return { n: 0 };
  if (match.node.kind === 'and' && match.node.of.length === 0)
    return { n: Math.min(Math.max(collection.count - skip, 0), limit ?? Number.POSITIVE_INFINITY) };
  const found = openSource(context, collection, { match, hint: hintField(request) });
  return { n: yield* tally(paged(found, skip, limit)) };
}

/** Counts the documents of a filter. */
export const COUNT: Command = {
  name: 'count',
  access: 'read',
  fields: ['query', 'limit', 'skip', 'hint', 'fields'],
  refused: ['collation', 'encryptionInformation'],
  run: counted,
};
