import { Long } from 'bson';
import { MongoError } from '../errors.ts';
import { parseFilterField } from '../query/parse-filter.ts';
import { type Doc, field } from '../values/value.ts';
import type { Command } from './command.ts';
import { flagField } from './fields.ts';

/** Lists the databases: the first parts of the names of all collections. */
export const LIST_DATABASES: Command = {
  name: 'listDatabases',
  access: 'read',
  fields: ['filter', 'nameOnly', 'authorizedDatabases'],
  run: (request, { store, db }) => {
    if (db !== 'admin') throw new MongoError(13, 'listDatabases may only be run against the admin database.');
    const match = parseFilterField(field(request, 'filter') ?? undefined, 'listDatabases.filter');
    const nameOnly = flagField(request, 'nameOnly', 'listDatabases') === true;
    const names = new Set(store.catalog.all().map(({ namespace }) => namespace.slice(0, namespace.indexOf('.'))));
    const databases = [...names]
      .map((name): Doc => (nameOnly ? { name } : { name, sizeOnDisk: Long.fromNumber(4096), empty: false }))
      .filter((doc) => match.test(doc));
    if (nameOnly) return { databases };
    return { databases, totalSize: Long.fromNumber(4096 * databases.length), totalSizeMb: Long.ZERO };
  },
};

/** Drops all collections of a database. */
export const DROP_DATABASE: Command = {
  name: 'dropDatabase',
  access: 'write',
  fields: [],
  run: (_request, { store: { catalog }, db }) => {
    const all = catalog.all().filter(({ namespace }) => namespace.startsWith(`${db}.`));
    for (const collection of all) catalog.drop(collection);
    return all.length > 0 ? { dropped: db } : {};
  },
};
