import { MongoError, notImplemented } from '../errors.ts';
import { parseFilterField } from '../query/parse-filter.ts';
import { Cursor } from '../server/cursor-table.ts';
import { encode } from '../values/codec.ts';
import { type Doc, field } from '../values/value.ts';
import { answerFirst, sourceOf } from './batch.ts';
import type { Command } from './command.ts';
import { countField, docField, flagField, textField } from './fields.ts';
import { checkNamespace, existingOrNew, namespaceOf } from './namespace.ts';

/** Makes an empty collection; one that is there already stays as it is. */
export const CREATE: Command = {
  name: 'create',
  access: 'write',
  fields: ['autoIndexId', 'idIndex', 'validationLevel', 'validationAction', 'indexOptionDefaults'],
  refused: [
    ...['capped', 'size', 'max', 'storageEngine', 'validator', 'viewOn', 'pipeline', 'collation', 'timeseries'],
    ...['clusteredIndex', 'changeStreamPreAndPostImages', 'expireAfterSeconds', 'encryptedFields', 'temp', 'flags'],
  ],
  run: (request, context) => {
    existingOrNew(context, namespaceOf(request, context));
    return {};
  },
};

/** Drops a collection; it is no error when there is none. */
export const DROP: Command = {
  name: 'drop',
  access: 'write',
  fields: [],
  run: (request, context) => {
    const ns = namespaceOf(request, context);
    const collection = context.store.catalog.get(ns);
    if (!collection) return {};
    const nIndexesWas = collection.ready.length;
    context.store.catalog.drop(collection);
    return { nIndexesWas, ns };
  },
};

/** Gives a collection of the same database another name. */
export const RENAME_COLLECTION: Command = {
  name: 'renameCollection',
  access: 'write',
  fields: ['to', 'dropTarget', 'stayTemp'],
  run: (request, { store: { catalog }, db }) => {
    if (db !== 'admin') throw new MongoError(13, 'renameCollection may only be run against the admin database.');
    const from = checkNamespace(textField(request, 'renameCollection', 'renameCollection'));
    const to = checkNamespace(textField(request, 'to', 'renameCollection'));
    if (from === to) throw new MongoError(20, "Can't rename a collection to itself");
    if (from.split('.')[0] !== to.split('.')[0]) throw notImplemented('renaming to another database');
    const collection = catalog.get(from);
    if (!collection) throw new MongoError(26, `Source collection ${from} does not exist`);
    const target = catalog.get(to);
    if (target) {
      if (flagField(request, 'dropTarget', 'renameCollection') !== true)
        throw new MongoError(48, 'target namespace exists');
      catalog.drop(target);
    }
    catalog.rename(collection, to);
    return {};
  },
};

/** Lists the collections of a database. */
export const LIST_COLLECTIONS: Command = {
  name: 'listCollections',
  access: 'read',
  fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'],
  *run(request, context) {
    const { db, store } = context;
    const match = parseFilterField(field(request, 'filter') ?? undefined, 'listCollections.filter');
    const nameOnly = flagField(request, 'nameOnly', 'listCollections') === true;
    const all = store.catalog.all().filter(({ namespace }) => namespace.startsWith(`${db}.`));
    const docs = all.map((collection): Doc => {
      const name = collection.namespace.slice(db.length + 1);
      if (nameOnly) return { name, type: 'collection' };
      const info = { readOnly: false, uuid: store.catalog.uuidOf(collection) };
      return { name, type: 'collection', options: {}, info, idIndex: collection.indexes[0]?.spec };
    });
    const listed = docs.filter((doc) => match.test(doc));
    const cursor = new Cursor(`${db}.$cmd.listCollections`, sourceOf(listed.map(encode)));
    const options = docField(request, 'cursor', 'listCollections') ?? {};
    const batchSize = countField(options, 'batchSize', 'listCollections.cursor') ?? Number.POSITIVE_INFINITY;
    return yield* answerFirst(context, cursor, { batchSize, limit: listed.length });
  },
};
