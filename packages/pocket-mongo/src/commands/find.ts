import { variablesOf } from '../expression/variables.ts';
import { parseFilterField } from '../query/parse-filter.ts';
import { parseProjection } from '../query/projection.ts';
import { checkSort, sortField } from '../query/sort-order.ts';
import { openSource } from '../read/open-source.ts';
import { paged } from '../read/paged.ts';
import { MISS, type Source } from '../read/source.ts';
import { Cursor } from '../server/cursor-table.ts';
import { encode } from '../values/codec.ts';
import { type Doc, field } from '../values/value.ts';
import { answerFirst, sourceOf } from './batch.ts';
import type { Command, CommandContext } from './command.ts';
import { countField, docField, flagField, hintField, limitField } from './fields.ts';
import { namespaceOf } from './namespace.ts';

/** The `find` command read and its search opened. */
function openFind(request: Doc, context: CommandContext): { source: Source<Uint8Array>; limit: number | undefined } {
  const namespace = namespaceOf(request, context);
  const variables = variablesOf(docField(request, 'let', 'find'));
  const match = parseFilterField(field(request, 'filter'), 'find.filter', variables);
  const project = parseProjection(field(request, 'projection'), { aggregation: false, match, variables });
  const sort = sortField(field(request, 'sort'));
  if (sort && field(sort, '$natural') === undefined) checkSort(sort);
  const skip = countField(request, 'skip', 'find') ?? 0;
  const limit = limitField(request, 'limit', 'find');
  const collection = context.store.catalog.get(namespace);
  if (!collection) return { source: sourceOf([]), limit };
  const most = limit === undefined ? undefined : skip + limit;
  const hits = openSource(context, collection, { match, sort, limit: most, hint: hintField(request) });
  const page = paged(hits, skip, limit);
  return {
    limit,
    source: {
      step: () => {
        const hit = page.step();
        if (hit === undefined || hit === MISS) return hit;
        return project ? encode(project(hit.doc)) : hit.bytes;
      },
    },
  };
}

/** Searches one collection. */
export const FIND: Command = {
  name: 'find',
  access: 'read',
  fields: [
    'filter',
    'sort',
    'projection',
    'hint',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    'noCursorTimeout',
    'allowDiskUse',
    'allowPartialResults',
    'let',
  ],
  refused: [
    'collation',
    'min',
    'max',
    'returnKey',
    'showRecordId',
    'tailable',
    'awaitData',
    'oplogReplay',
    'readOnce',
    'ntoreturn',
  ],
  *run(request, context) {
    const { source, limit } = openFind(request, context);
    const namespace = namespaceOf(request, context);
    const cursor = new Cursor(namespace, source, {
      collection: context.store.catalog.get(namespace),
      neverExpires: flagField(request, 'noCursorTimeout', 'find') === true,
    });
    return yield* answerFirst(context, cursor, {
      batchSize: countField(request, 'batchSize', 'find'),
      single: flagField(request, 'singleBatch', 'find') === true,
      limit,
    });
  },
};
