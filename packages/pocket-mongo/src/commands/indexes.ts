import { MongoError } from '../errors.ts';
import { Cursor } from '../server/cursor-table.ts';
import type { Collection } from '../storage/collection.ts';
import type { DataIndex } from '../storage/data-index.ts';
import { encode } from '../values/codec.ts';
import { equal } from '../values/compare.ts';
import { show } from '../values/show.ts';
import { typeName } from '../values/type-name.ts';
import { type Doc, field, isDoc, type Value } from '../values/value.ts';
import { answerFirst, sourceOf } from './batch.ts';
import type { Command } from './command.ts';
import { countField, docField } from './fields.ts';
import { namespaceOf } from './namespace.ts';

/** Lists the indexes of a collection. */
export const LIST_INDEXES: Command = {
  name: 'listIndexes',
  access: 'read',
  fields: ['cursor', 'includeBuildUUIDs', 'includeIndexBuildInfo'],
  *run(request, context) {
    const namespace = namespaceOf(request, context);
    const collection = context.store.catalog.get(namespace);
    if (!collection) throw new MongoError(26, `ns does not exist: ${namespace}`);
    const options = docField(request, 'cursor', 'listIndexes') ?? {};
    const cursor = new Cursor(namespace, sourceOf(collection.ready.map(({ spec }) => encode(spec))));
    const batchSize = countField(options, 'batchSize', 'listIndexes.cursor') ?? Number.POSITIVE_INFINITY;
    return yield* answerFirst(context, cursor, { batchSize, limit: collection.ready.length });
  },
};

function droppable(collection: Collection, index: DataIndex | undefined, missing: string): DataIndex {
  if (!index) throw new MongoError(27, missing);
  if (index === collection.indexes[0]) throw new MongoError(72, 'cannot drop _id index');
  return index;
}

const byName = (collection: Collection, name: Value): DataIndex =>
  droppable(
    collection,
    collection.indexes.find((index) => index.name === name),
    `index not found with name [${typeof name === 'string' ? name : show(name)}]`,
  );

function byKey(collection: Collection, key: Doc): DataIndex {
  const found = collection.indexes.filter(({ spec }) => equal(field(spec, 'key'), key));
  if (found.length > 1)
    throw new MongoError(291, `${String(found.length)} indexes found for key: ${show(key)}. Must identify by name.`);
  return droppable(collection, found[0], `can't find index with key: ${show(key)}`);
}

function chosen(collection: Collection, which: Value): DataIndex[] {
  if (which === '*') return collection.indexes.slice(1);
  if (typeof which === 'string') return [byName(collection, which)];
  if (Array.isArray(which)) return which.map((name) => byName(collection, name));
  if (isDoc(which)) return [byKey(collection, which)];
  throw new MongoError(
    14,
    `BSON field 'dropIndexes.index' is the wrong type '${typeName(which)}', expected types '[string, object]'`,
  );
}

/** Drops indexes by name, by key, or all but that of `_id`. */
export const DROP_INDEXES: Command = {
  name: 'dropIndexes',
  access: 'write',
  fields: ['index'],
  refused: ['isTimeseriesNamespace'],
  run: (request, context) => {
    const namespace = namespaceOf(request, context);
    const { catalog } = context.store;
    const collection = catalog.get(namespace);
    if (!collection) throw new MongoError(26, `ns not found ${namespace}`);
    const nIndexesWas = collection.ready.length;
    const which = field(request, 'index');
    for (const index of chosen(collection, which)) catalog.dropIndex(collection, index);
    return { nIndexesWas, ...(which === '*' ? { msg: 'non-_id indexes dropped for collection' } : {}) };
  },
};
