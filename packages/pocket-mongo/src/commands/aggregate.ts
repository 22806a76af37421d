import { compilePipeline, type PipelineSource } from '../aggregation/pipeline.ts';
import type { Flow } from '../aggregation/stage.ts';
import { failedToParse, MongoError, notImplemented } from '../errors.ts';
import { variablesOf } from '../expression/variables.ts';
import { parseFilter } from '../query/parse-filter.ts';
import { openSource, type Search } from '../read/open-source.ts';
import { MISS, type Source } from '../read/source.ts';
import { Cursor } from '../server/cursor-table.ts';
import { encode } from '../values/codec.ts';
import { type Doc, isDoc, type Value } from '../values/value.ts';
import { answerFirst } from './batch.ts';
import { type Command, type CommandContext, subjectOf } from './command.ts';
import { countField, docField, hintField, listField } from './fields.ts';
import { namespaceOf } from './namespace.ts';

function* documents(context: CommandContext, namespace: string, search: Search): Generator<Doc | typeof MISS> {
  const collection = context.store.catalog.get(namespace);
  if (!collection) return;
  const found = openSource(context, collection, search);
  for (;;) {
    const next = found.step();
    if (next === undefined) return;
    yield next === MISS ? MISS : next.doc;
  }
}

/** The documents that come out of a pipeline, as bytes. */
function sourceOf(flow: Flow): Source<Uint8Array> {
  const iterator = flow[Symbol.iterator]();
  return {
    step: () => {
      const next = iterator.next();
      return next.done ? undefined : next.value === MISS ? MISS : encode(next.value);
    },
  };
}

function refuseChangeStream(stages: readonly Value[]): void {
  const [first] = stages;
  if (isDoc(first) && Object.hasOwn(first, '$changeStream'))
    throw new MongoError(40573, 'The $changeStream stage is only supported on replica sets');
}

/** Runs a pipeline over one collection. */
export const AGGREGATE: Command = {
  name: 'aggregate',
  access: 'read',
  fields: ['pipeline', 'cursor', 'allowDiskUse', 'hint', 'let', 'bypassDocumentValidation', 'fromMongos', 'needsMerge'],
  refused: ['collation', 'explain', 'exchange', 'isMapReduceCommand', 'requestReshardingResumeToken'],
  *run(request, context) {
    const stages = listField(request, 'pipeline', 'aggregate');
    refuseChangeStream(stages);
    if (typeof subjectOf(request) !== 'string') throw notImplemented('aggregate without a collection');
    const options = docField(request, 'cursor', 'aggregate');
    if (!options)
      throw failedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
    const namespace = namespaceOf(request, context);
    const pipeline = compilePipeline(stages, {
      db: context.db,
      variables: variablesOf(docField(request, 'let', 'aggregate')),
    });
    const source: PipelineSource = {
      documents: (other, filter) => documents(context, other, { match: parseFilter(filter ?? {}) }),
    };
    const { match, sort, limit } = pipeline;
    const first = documents(context, namespace, { match, sort, limit, hint: hintField(request) });
    const cursor = new Cursor(namespace, sourceOf(pipeline.run(first, source)), {
      collection: context.store.catalog.get(namespace),
    });
    return yield* answerFirst(context, cursor, { batchSize: countField(options, 'batchSize', 'aggregate.cursor') });
  },
};
