import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Db, type Document, type Long, MongoClient, ObjectId } from 'mongodb';
import { type ServerProcess, startServer, temporaryFolder } from './support/server-process.ts';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const folder = temporaryFolder();
let server: ServerProcess;
let client: MongoClient;
let db: Db;

beforeAll(async () => {
  server = await startServer(folder.path);
  client = await MongoClient.connect(server.uri);
  db = client.db('table');
});
beforeEach(async () => {
  await db.dropDatabase();
  await db.collection<Document>('c').insertMany([{ a: 1 }, { a: 2 }]);
});
afterAll(async () => {
  await client.close();
  server.child.kill();
  await server.ended;
  folder.remove();
});

/** The names in backquotes of one row of the README's table, of what is here or what is refused. */
function named(row: string, column: 'here' | 'refused'): string[] {
  const line = readFileSync(join(PACKAGE, 'README.md'), 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`| ${row} |`));
  const cell = line?.split('|')[column === 'here' ? 2 : 3] ?? '';
  return [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, names = '']) => names.split(' '));
}

const session = { id: new ObjectId().toHexString() };

/** Each command of the table in a plain form, and a part of its answer; on `admin` where MongoDB wants that. */
const COMMANDS: readonly (readonly [string, Document, Document, 'admin'?])[] = [
  ['hello', { hello: 1 }, { isWritablePrimary: true, maxWireVersion: 25 }],
  ['isMaster', { isMaster: 1 }, { ismaster: true }],
  ['ping', { ping: 1 }, {}],
  ['buildInfo', { buildInfo: 1 }, { version: '8.0.0', gitVersion: 'pocket-mongo' }],
  ['serverStatus', { serverStatus: 1 }, { storageEngine: { name: 'pocket', persistent: true } }],
  ['connectionStatus', { connectionStatus: 1 }, { authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }],
  ['whatsmyuri', { whatsmyuri: 1 }, { you: expect.any(String) }],
  ['getParameter', { getParameter: '*' }, { featureCompatibilityVersion: { version: '8.0' } }, 'admin'],
  ['endSessions', { endSessions: [session] }, {}],
  ['refreshSessions', { refreshSessions: [session] }, {}],
  ['killSessions', { killSessions: [session] }, {}],
  ['insert', { insert: 'c', documents: [{ a: 3 }] }, { n: 1 }],
  ['find', { find: 'c', filter: { a: 2 }, projection: { _id: 0 } }, { cursor: { firstBatch: [{ a: 2 }] } }],
  ['update', { update: 'c', updates: [{ q: { a: 1 }, u: { $inc: { a: 4 } } }] }, { n: 1, nModified: 1 }],
  ['delete', { delete: 'c', deletes: [{ q: { a: 1 }, limit: 1 }] }, { n: 1 }],
  ['findAndModify', { findAndModify: 'c', query: { a: 1 }, remove: true }, { value: { a: 1 } }],
  ['count', { count: 'c', query: { a: { $gt: 1 } } }, { n: 1 }],
  ['distinct', { distinct: 'c', key: 'a' }, { values: [1, 2] }],
  ['aggregate', { aggregate: 'c', pipeline: [{ $count: 'n' }], cursor: {} }, { cursor: { firstBatch: [{ n: 2 }] } }],
  ['create', { create: 'new' }, {}],
  ['drop', { drop: 'c' }, { ns: 'table.c', nIndexesWas: 1 }],
  ['renameCollection', { renameCollection: 'table.c', to: 'table.d' }, {}, 'admin'],
  ['listCollections', { listCollections: 1, nameOnly: true }, { cursor: { firstBatch: [{ name: 'c' }] } }],
  ['listDatabases', { listDatabases: 1, filter: { name: 'table' } }, { databases: [{ name: 'table' }] }, 'admin'],
  ['dropDatabase', { dropDatabase: 1 }, { dropped: 'table' }],
  ['createIndexes', { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a_1' }] }, { numIndexesAfter: 2 }],
  ['listIndexes', { listIndexes: 'c' }, { cursor: { firstBatch: [{ name: '_id_' }] } }],
  ['dropIndexes', { dropIndexes: 'c', index: '*' }, { nIndexesWas: 1 }],
  ['collStats', { collStats: 'c' }, { ns: 'table.c', count: 2, nindexes: 1 }],
  ['dbStats', { dbStats: 1 }, { db: 'table', collections: 1, objects: 2 }],
  [
    'bulkWrite',
    { bulkWrite: 1, ops: [{ insert: 0, document: { a: 3 } }], nsInfo: [{ ns: 'table.c' }] },
    { nInserted: 1, nErrors: 0 },
    'admin',
  ],
];

/** Made by a cursor of their own. */
const OF_CURSORS = ['getMore', 'killCursors'];

describe('The commands of the table', () => {
  it('are all here', () => {
    expect([...COMMANDS.map(([name]) => name), ...OF_CURSORS].sort()).toEqual(named('Commands', 'here').sort());
  });

  it.each(COMMANDS.map(([name, ...rest]) => [name, rest] as const))(
    'answer: %s',
    async (_, [command, answer, where]) => {
      const reply = await client.db(where ?? 'table').command(command);
      expect(reply).toMatchObject({ ...answer, ok: 1 });
    },
  );

  it('go on with a cursor and end it', async () => {
    const { cursor } = (await db.command({
      find: 'c',
      batchSize: 1,
      sort: { a: 1 },
      projection: { _id: 0 },
    })) as unknown as { cursor: { id: Long } };
    const next = await db.command({ getMore: cursor.id, collection: 'c', batchSize: 1 });
    expect(next).toMatchObject({ cursor: { nextBatch: [{ a: 2 }] } });
    const ended = await db.command({ killCursors: 'c', cursors: [cursor.id] });
    expect(ended['cursorsKilled']).toHaveLength(1);
    await expect(db.command({ getMore: cursor.id, collection: 'c' })).rejects.toMatchObject({
      code: 43,
      codeName: 'CursorNotFound',
    });
  });
});

describe('The operators of the table', () => {
  const conformance = join(PACKAGE, 'test/conformance');
  const cases = readdirSync(conformance)
    .filter((name) => name !== 'suite.ts' && name !== 'conformance-case.ts')
    .map((name) => readFileSync(join(conformance, name), 'utf8'))
    .join('\n');

  it.each(
    ['Query operators', 'Update operators', 'Aggregation'].flatMap((row) =>
      named(row, 'here').filter((name) => /^\$[a-zA-Z]+$/.test(name)),
    ),
  )('are held to a rule of MongoDB: %s', (operator) => {
    expect(cases).toMatch(new RegExp(`\\${operator}\\b`));
  });
});

const find = (filter: Document, options: Document = {}): Document => ({ find: 'c', filter, ...options });
const pipeline = (...stages: Document[]): Document => ({ aggregate: 'c', pipeline: stages, cursor: {} });
const index = (key: Document, options: Document = {}): Document => ({
  createIndexes: 'c',
  indexes: [{ key, name: 'i', ...options }],
});
const german = { collation: { locale: 'de' } };
const near = { $geometry: { type: 'Point', coordinates: [0, 0] } };

/** What the table refuses, and MongoDB's code and its name for it. */
const REFUSED: readonly (readonly [string, Document, number, string])[] = [
  ['explain', { explain: find({}) }, 59, 'CommandNotFound'],
  ['mapReduce', { mapReduce: 'c' }, 59, 'CommandNotFound'],
  ['collMod', { collMod: 'c' }, 59, 'CommandNotFound'],
  ['collation of find', find({}, german), 238, 'NotImplemented'],
  ['collation of aggregate', { ...pipeline(), ...german }, 238, 'NotImplemented'],
  ['collation of count', { count: 'c', ...german }, 238, 'NotImplemented'],
  ['collation of distinct', { distinct: 'c', key: 'a', ...german }, 238, 'NotImplemented'],
  ['collation of findAndModify', { findAndModify: 'c', remove: true, ...german }, 238, 'NotImplemented'],
  ['tailable', find({}, { tailable: true }), 238, 'NotImplemented'],
  ['min', find({}, { min: { a: 1 }, hint: { a: 1 } }), 238, 'NotImplemented'],
  ['max', find({}, { max: { a: 1 }, hint: { a: 1 } }), 238, 'NotImplemented'],
  ['returnKey', find({}, { returnKey: true }), 238, 'NotImplemented'],
  ['showRecordId', find({}, { showRecordId: true }), 238, 'NotImplemented'],
  ['$where', find({ $where: 'true' }), 238, 'NotImplemented'],
  ['$text', find({ $text: { $search: 'x' } }), 238, 'NotImplemented'],
  ['$jsonSchema', find({ $jsonSchema: {} }), 238, 'NotImplemented'],
  ['$near', find({ a: { $near: near } }), 238, 'NotImplemented'],
  ['$nearSphere', find({ a: { $nearSphere: near } }), 238, 'NotImplemented'],
  ['$geoWithin', find({ a: { $geoWithin: { $box: [] } } }), 238, 'NotImplemented'],
  ['$geoIntersects', find({ a: { $geoIntersects: near } }), 238, 'NotImplemented'],
  ['no operator at all', find({ a: { $nonsense: 1 } }), 2, 'BadValue'],
  ['$facet', pipeline({ $facet: {} }), 238, 'NotImplemented'],
  ['$out', pipeline({ $out: 'd' }), 238, 'NotImplemented'],
  ['$merge', pipeline({ $merge: 'd' }), 238, 'NotImplemented'],
  ['$graphLookup', pipeline({ $graphLookup: {} }), 238, 'NotImplemented'],
  ['$unionWith', pipeline({ $unionWith: 'd' }), 238, 'NotImplemented'],
  ['$lookup by a pipeline', pipeline({ $lookup: { from: 'c', pipeline: [], as: 'x' } }), 238, 'NotImplemented'],
  ['no stage at all', pipeline({ $nonsense: 1 }), 40324, 'Location40324'],
  ['an index of text', index({ a: 'text' }), 238, 'NotImplemented'],
  ['a 2d index', index({ a: '2d' }), 238, 'NotImplemented'],
  ['a 2dsphere index', index({ a: '2dsphere' }), 238, 'NotImplemented'],
  ['a hashed index', index({ a: 'hashed' }), 238, 'NotImplemented'],
  ['a wildcard index', index({ '$**': 1 }), 238, 'NotImplemented'],
  ['a hidden index', index({ a: 1 }, { hidden: true }), 238, 'NotImplemented'],
  ['an index with collation', index({ a: 1 }, german), 238, 'NotImplemented'],
  ['no index at all', index({ a: 'nonsense' }), 67, 'CannotCreateIndex'],
  ['a capped collection', { create: 'd', capped: true, size: 100 }, 238, 'NotImplemented'],
  ['a view', { create: 'd', viewOn: 'c', pipeline: [] }, 238, 'NotImplemented'],
  ['a time series', { create: 'd', timeseries: { timeField: 'at' } }, 238, 'NotImplemented'],
  ['a validator', { create: 'd', validator: { a: 1 } }, 238, 'NotImplemented'],
  ['a clustered collection', { create: 'd', clusteredIndex: { key: { _id: 1 }, unique: true } }, 238, 'NotImplemented'],
  [
    'a transaction',
    { insert: 'c', documents: [{}], txnNumber: 1, autocommit: false, startTransaction: true },
    20,
    'IllegalOperation',
  ],
  ['a change stream', pipeline({ $changeStream: {} }), 40573, 'Location40573'],
  ['w above 1', { insert: 'c', documents: [{}], writeConcern: { w: 2 } }, 2, 'BadValue'],
];

describe('What the table refuses', () => {
  it.each(REFUSED)('gets the error of MongoDB, and nothing is done: %s', async (_, command, code, codeName) => {
    await expect(db.command(command)).rejects.toMatchObject({ code, codeName });
    expect(await db.collection('c').countDocuments()).toBe(2);
    expect((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name)).toEqual(['c']);
    expect(await db.collection('c').listIndexes().toArray()).toHaveLength(1);
  });

  it('gets the same in a statement of a write', async () => {
    const reply = await db.command({
      update: 'c',
      updates: [{ q: { a: 1 }, u: { $set: { a: 9 } }, collation: { locale: 'de' } }],
    });
    expect(reply['writeErrors']).toMatchObject([{ index: 0, code: 238 }]);
    expect(await db.collection('c').countDocuments({ a: 9 })).toBe(0);
  });
});
