import { MongoError } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import type { DataIndex } from '../storage/data-index.ts';
import { equal } from '../values/compare.ts';
import { show } from '../values/show.ts';
import { type Doc, field } from '../values/value.ts';
import type { Command, CommandContext } from './command.ts';
import { docsField } from './fields.ts';
import { IndexBuild } from './index-build.ts';
import { parseIndexSpec } from './index-spec.ts';
import { existingOrNew, namespaceOf } from './namespace.ts';

const MOST_INDEXES = 64;

/** Two indexes that differ in one of these may stand side by side; in the other options they may not differ. */
const IDENTIFYING = ['unique', 'sparse', 'partialFilterExpression'] as const;

type Likeness = 'identical' | 'equivalent' | 'different';

function likeness(a: Doc, b: Doc): Likeness {
  // The order of fields is part of a key: equal compares it.
  if (!equal(field(a, 'key'), field(b, 'key'))) return 'different';
  if (IDENTIFYING.some((name) => !equal(field(a, name), field(b, name)))) return 'different';
  return equal(field(a, 'expireAfterSeconds'), field(b, 'expireAfterSeconds')) ? 'identical' : 'equivalent';
}

/** True when the index is there already; throws when it cannot stand beside what is there. */
function isThere(collection: Collection, spec: Doc): boolean {
  const both = (known: Doc): string => `Requested index: ${show(spec)}, existing index: ${show(known)}`;
  const sameName = collection.indexes.find(({ name }) => name === spec['name']);
  if (sameName) {
    const alike = likeness(spec, sameName.spec);
    if (alike === 'identical') return true;
    throw alike === 'different'
      ? new MongoError(
          86,
          `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${both(sameName.spec)}`,
        )
      : new MongoError(
          85,
          `An equivalent index already exists with the same name but different options. ${both(sameName.spec)}`,
        );
  }
  for (const { spec: known, name } of collection.indexes) {
    const alike = likeness(spec, known);
    if (alike === 'identical') throw new MongoError(85, `Index already exists with a different name: ${name}`);
    if (alike === 'equivalent')
      throw new MongoError(85, `An equivalent index already exists with a different name and options. ${both(known)}`);
  }
  return false;
}

/** The `_id` index is always there, whatever name is asked for. */
function isIdIndex(spec: Doc): boolean {
  const key = field(spec, 'key') as Doc;
  if (!equal(key, { _id: 1 })) return false;
  const bad = ['sparse', 'partialFilterExpression', 'expireAfterSeconds'].find((name) => Object.hasOwn(spec, name));
  if (bad !== undefined)
    throw new MongoError(
      197,
      `The field '${bad}' is not valid for an _id index specification. Specification: ${show(spec)}`,
    );
  return true;
}

/** Adds those of the indexes that are not there, to be built; none when one of them is refused. */
function begin(specs: readonly Doc[], collection: Collection, { store }: CommandContext): DataIndex[] {
  const begun: DataIndex[] = [];
  for (const spec of specs) {
    if (isIdIndex(spec) || isThere(collection, spec)) continue;
    if (collection.indexes.length >= MOST_INDEXES)
      throw new MongoError(
        67,
        `add index fails, too many indexes for ${collection.namespace} key:${show(field(spec, 'key'))}`,
      );
    begun.push(store.catalog.beginIndex(collection, spec));
  }
  return begun;
}

/** Makes indexes, and the collection when there is none. All of them or none. */
export const CREATE_INDEXES: Command = {
  name: 'createIndexes',
  access: 'write',
  fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions', 'v'],
  refused: ['isTimeseriesNamespace'],
  *run(request, context) {
    const namespace = namespaceOf(request, context);
    const specs = docsField(request, 'indexes', 'createIndexes').map(parseIndexSpec);
    if (specs.length === 0) throw new MongoError(2, 'Must specify at least one index to create');
    const { catalog } = context.store;
    catalog.dropAbandonedIndexes();
    // Another client may be building the same one.
    while (catalog.get(namespace)?.indexes.some(({ building }) => building)) {
      yield 'wait';
      catalog.dropAbandonedIndexes();
    }
    const known = catalog.get(namespace);
    const collection = known ?? existingOrNew(context, namespace);
    const numIndexesBefore = collection.indexes.length;
    yield* new IndexBuild(context.store, collection, begin(specs, collection, context)).run();
    const numIndexesAfter = catalog.get(namespace)?.ready.length ?? 0;
    const note = numIndexesAfter === numIndexesBefore ? { note: 'all indexes already exist' } : {};
    return { numIndexesBefore, numIndexesAfter, createdCollectionAutomatically: !known, ...note };
  },
};
