import type { Command, CommandContext } from './command.ts';
import { namespaceOf } from './namespace.ts';

/** Facts of one collection, as far as they are known without reading it. */
export const COLL_STATS: Command = {
  name: 'collStats',
  access: 'read',
  fields: ['scale'],
  run: (request, context) => {
    const ns = namespaceOf(request, context);
    const collection = context.store.catalog.get(ns);
    return { ns, count: collection?.count ?? 0, nindexes: collection?.ready.length ?? 0, capped: false };
  },
};

const inDatabase = ({ store, db }: CommandContext) =>
  store.catalog.all().filter(({ namespace }) => namespace.startsWith(`${db}.`));

/** Facts of one database. */
export const DB_STATS: Command = {
  name: 'dbStats',
  access: 'read',
  fields: ['scale', 'freeStorage'],
  run: (_request, context) => {
    const all = inDatabase(context);
    return {
      db: context.db,
      collections: all.length,
      views: 0,
      objects: all.reduce((sum, { count }) => sum + count, 0),
      indexes: all.reduce((sum, { ready }) => sum + ready.length, 0),
    };
  },
};
