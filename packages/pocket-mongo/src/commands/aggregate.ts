import { compilePipeline, type PipelineSource } from '../aggregation/pipeline.ts';
import { failedToParse, MongoError, notImplemented } from '../errors.ts';
import { compileExpression } from '../expression/compile.ts';
import { parseFilter } from '../query/parse-filter.ts';
import { openSource } from '../read/open-source.ts';
import { drained } from '../read/source.ts';
import { Cursor } from '../server/cursor-table.ts';
import { encode } from '../values/codec.ts';
import { type Doc, field, isDoc, type Value } from '../values/value.ts';
import { answerFirst, sourceOf } from './batch.ts';
import { type Command, type CommandContext, subjectOf } from './command.ts';
import { countField, docField, hintField, listField } from './fields.ts';
import { namespaceOf } from './namespace.ts';

function* documents(context: CommandContext, namespace: string, filter: Doc | undefined, hint?: Value): Generator<Doc> {
  const collection = context.store.catalog.get(namespace);
  if (!collection) return;
  const found = openSource(context, collection, { match: parseFilter(filter ?? {}), hint });
  for (const { doc } of drained(found)) yield doc;
}

function* encoded(docs: Iterable<Doc>): Generator<Uint8Array> {
  for (const doc of docs) yield encode(doc);
}

/** The values of `let`, which are expressions without a document. */
function variablesOf(request: Doc): Record<string, Value> {
  const constants = docField(request, 'let', 'aggregate') ?? {};
  const scope = { root: {}, variables: { NOW: new Date() } };
  const named = Object.keys(constants).map((name) => [name, compileExpression(field(constants, name))(scope)] as const);
  return { NOW: scope.variables.NOW, ...Object.fromEntries(named) };
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
    const pipeline = compilePipeline(stages, { db: context.db, variables: variablesOf(request) });
    const source: PipelineSource = { documents: (other, filter) => documents(context, other, filter) };
    const first = documents(context, namespace, pipeline.match, hintField(request));
    const cursor = new Cursor(namespace, sourceOf(encoded(pipeline.run(first, source))), {
      collection: context.store.catalog.get(namespace),
    });
    return yield* answerFirst(context, cursor, { batchSize: countField(options, 'batchSize', 'aggregate.cursor') });
  },
};
