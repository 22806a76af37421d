import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Collection, type Db, type Long, MongoClient, ObjectId } from 'mongodb';
import { type ServerProcess, startServer, temporaryFolder } from './support/server-process.ts';

const folder = temporaryFolder();
let server: ServerProcess;
let client: MongoClient;
let db: Db;
let visits: Collection;
let numbered: Collection<{ _id: number; a?: number }>;

beforeAll(async () => {
  server = await startServer(folder.path, ['--setParameter', 'ttlMonitorSleepSecs=1']);
  client = await MongoClient.connect(server.uri, { serverSelectionTimeoutMS: 3_000 });
  db = client.db('clinic');
});
beforeEach(async () => {
  await db.dropDatabase();
  visits = db.collection('visits');
  numbered = db.collection('visits');
});
afterAll(async () => {
  await client.close();
  server.child.kill();
  await server.ended;
  folder.remove();
});

interface Answer {
  readonly cursor: { readonly id: Long; readonly firstBatch?: unknown[]; readonly nextBatch?: unknown[] };
}

const many = (count: number): { n: number }[] => Array.from({ length: count }, (_, n) => ({ n }));

describe('Cursors', () => {
  it('give everything once, in batches', async () => {
    await visits.insertMany(many(1_000));
    const found = await visits.find().sort({ n: -1 }).batchSize(7).toArray();
    expect(found.map(({ n }) => Number(n))).toEqual(many(1_000).map(({ n }) => 999 - n));
  });

  it('begin with 101 documents and fill their later batches', async () => {
    await visits.insertMany(many(500));
    const { cursor } = (await db.command({ find: 'visits' })) as Answer;
    expect(cursor.firstBatch).toHaveLength(101);
    const next = (await db.command({ getMore: cursor.id, collection: 'visits' })) as Answer;
    expect(next.cursor.nextBatch).toHaveLength(399);
    expect(Number(next.cursor.id)).toBe(0);
  });

  it('keep each reply below 16 MB', async () => {
    await visits.insertMany(Array.from({ length: 12 }, (_, n) => ({ n, text: 'x'.repeat(3_000_000) })));
    expect(await visits.find().toArray()).toHaveLength(12);
  });

  it('live on while their collection is written to', async () => {
    await visits.createIndex({ n: 1 });
    await visits.insertMany(many(300));
    const cursor = visits
      .find({ n: { $gte: 0 } })
      .sort({ n: 1 })
      .batchSize(50);
    await cursor.next();
    await visits.deleteMany({ n: { $gte: 100, $lt: 200 } });
    await visits.insertOne({ n: 250 }).catch(() => undefined);
    const rest = await cursor.toArray();
    expect(new Set(rest.map(({ _id }) => String(_id))).size).toBe(rest.length);
    expect(rest.at(-1)).toMatchObject({ n: 299 });
  });

  it('end with killCursors, and with their collection', async () => {
    await visits.insertMany(many(200));
    const first = (await db.command({ find: 'visits', batchSize: 2 })) as Answer;
    const killed = await db.command({ killCursors: 'visits', cursors: [first.cursor.id] });
    expect(killed['cursorsKilled']).toHaveLength(1);
    await expect(db.command({ getMore: first.cursor.id, collection: 'visits' })).rejects.toMatchObject({ code: 43 });
    const second = (await db.command({ find: 'visits', batchSize: 2 })) as Answer;
    await visits.drop();
    await expect(db.command({ getMore: second.cursor.id, collection: 'visits' })).rejects.toMatchObject({
      code: 175,
    });
  });

  it('survive a refused write of others', async () => {
    await visits.insertMany([...many(300), { n: 300 }]);
    const cursor = visits.find().batchSize(10);
    await cursor.next();
    await expect(
      db.command({ createIndexes: 'visits', indexes: [{ key: { m: 1 }, name: 'm', unique: true }] }),
    ).rejects.toMatchObject({ code: 11000 });
    expect(await cursor.toArray()).toHaveLength(300);
    expect(await visits.indexes()).toHaveLength(1);
  });
});

describe('A claim', () => {
  it('takes each document once, the earliest first', async () => {
    await visits.createIndex({ status: 1, at: 1 });
    await visits.insertMany(many(200).map(({ n }) => ({ status: 'free', at: (n * 37) % 200 })));
    const claims = await Promise.all(
      many(250).map(() =>
        visits.findOneAndUpdate(
          { status: 'free' },
          { $set: { status: 'taken' }, $inc: { tries: 1 } },
          { sort: { at: 1 }, returnDocument: 'after' },
        ),
      ),
    );
    const taken = claims.flatMap((claim) => (claim ? [Number(claim['at'])] : []));
    expect([...taken].sort((a, b) => a - b)).toEqual(many(200).map(({ n }) => n));
    expect(await visits.countDocuments({ tries: 1 })).toBe(200);
  });

  it('tells what it did in lastErrorObject', async () => {
    const made = await db.command({
      findAndModify: 'visits',
      query: { _id: 1 },
      update: { $set: { a: 1 } },
      upsert: true,
      new: true,
    });
    expect(made).toMatchObject({
      lastErrorObject: { n: 1, updatedExisting: false, upserted: 1 },
      value: { _id: 1, a: 1 },
    });
    const changed = await db.command({ findAndModify: 'visits', query: { _id: 1 }, update: { $inc: { a: 1 } } });
    expect(changed).toMatchObject({ lastErrorObject: { n: 1, updatedExisting: true }, value: { a: 1 } });
    const missed = await db.command({ findAndModify: 'visits', query: { _id: 2 }, remove: true });
    expect(missed).toMatchObject({ lastErrorObject: { n: 0 }, value: null });
    const removed = await db.command({
      findAndModify: 'visits',
      query: { _id: 1 },
      remove: true,
      fields: { a: 1, _id: 0 },
    });
    expect(removed).toMatchObject({ lastErrorObject: { n: 1 }, value: { a: 2 } });
  });
});

describe('Writes', () => {
  it('put _id first and make one', async () => {
    await db.command({ insert: 'visits', documents: [{ a: 1 }, { b: 1, _id: 7 }] });
    const [first, second] = await visits.find().toArray();
    expect(first?._id).toBeInstanceOf(ObjectId);
    expect(Object.keys(second ?? {})).toEqual(['_id', 'b']);
  });

  it('tell duplicate keys so that drivers know them', async () => {
    await visits.createIndex({ phone: 1 }, { unique: true, partialFilterExpression: { phone: { $exists: true } } });
    await visits.insertMany([{ phone: '1' }, {}, {}]);
    await expect(visits.insertOne({ phone: '1' })).rejects.toMatchObject({
      code: 11000,
      keyPattern: { phone: 1 },
      keyValue: { phone: '1' },
      message: 'E11000 duplicate key error collection: clinic.visits index: phone_1 dup key: { phone: "1" }',
    });
    await expect(visits.updateOne({ phone: { $exists: false } }, { $set: { phone: '1' } })).rejects.toMatchObject({
      code: 11000,
    });
    expect(await visits.countDocuments()).toBe(3);
  });

  it('stop at the first error when ordered, else go on', async () => {
    const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
    const ordered = await db.command({ insert: 'visits', documents });
    expect(ordered).toMatchObject({ n: 1, writeErrors: [{ index: 1, code: 11000 }] });
    const unordered = await db.command({ insert: 'visits', documents, ordered: false });
    expect(unordered).toMatchObject({ n: 1, writeErrors: [{ index: 0 }, { index: 1 }] });
  });

  it('count what was found, changed and made', async () => {
    await numbered.insertMany([
      { _id: 1, a: 1 },
      { _id: 2, a: 2 },
    ]);
    const reply = await db.command({
      update: 'visits',
      updates: [
        { q: {}, u: { $set: { a: 1 } }, multi: true },
        { q: { _id: 9 }, u: { $set: { a: 9 } }, upsert: true },
      ],
    });
    expect(reply).toMatchObject({ n: 3, nModified: 1, upserted: [{ index: 1, _id: 9 }] });
  });

  it('do not meet a document twice that moves in the index', async () => {
    await visits.createIndex({ n: 1 });
    await visits.insertMany(many(500));
    expect(await visits.updateMany({ n: { $gte: 0 } }, { $inc: { n: 1_000 } })).toMatchObject({ modifiedCount: 500 });
    expect(await visits.countDocuments({ n: { $gte: 1_000, $lt: 1_500 } })).toBe(500);
  });

  it('go through the bulkWrite of the client', async () => {
    const result = await client.bulkWrite<{ [namespace: string]: { _id: number; a?: number; b?: number } }>(
      [
        { namespace: 'clinic.visits', name: 'insertOne', document: { _id: 1, a: 1 } },
        { namespace: 'clinic.visits', name: 'insertOne', document: { _id: 2, a: 1 } },
        { namespace: 'clinic.visits', name: 'updateMany', filter: { a: 1 }, update: { $inc: { a: 1 } } },
        { namespace: 'clinic.other', name: 'replaceOne', filter: { _id: 5 }, replacement: { b: 1 }, upsert: true },
        { namespace: 'clinic.visits', name: 'deleteOne', filter: { _id: 1 } },
      ],
      { verboseResults: true },
    );
    expect(result).toMatchObject({ insertedCount: 2, modifiedCount: 2, upsertedCount: 1, deletedCount: 1 });
    expect(result.updateResults?.get(3)).toMatchObject({ upsertedId: 5, didUpsert: true });
    const known = await client.bulkWrite<{ 'clinic.visits': { _id: number; a?: number } }>(
      [
        {
          namespace: 'clinic.visits',
          name: 'updateOne',
          filter: { $expr: { $eq: ['$_id', '$$wanted'] } },
          update: { $set: { a: 7 } },
        },
        { namespace: 'clinic.visits', name: 'deleteMany', filter: { $expr: { $eq: ['$_id', '$$wanted'] }, a: 7 } },
      ],
      { let: { wanted: 2 } },
    );
    expect(known).toMatchObject({ modifiedCount: 1, deletedCount: 1 });
    await numbered.insertOne({ _id: 2 });
    await expect(
      client.bulkWrite<{ 'clinic.visits': { _id: number } }>([
        { namespace: 'clinic.visits', name: 'insertOne', document: { _id: 2 } },
      ]),
    ).rejects.toMatchObject({ writeErrors: new Map([[0, expect.objectContaining({ code: 11000 })]]) });
  });

  it('expire by their TTL index', async () => {
    await visits.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
    await visits.insertMany([{ at: new Date(Date.now() - 120_000) }, { at: new Date() }, { at: 'never' }]);
    while ((await visits.countDocuments()) > 2) await pause(100);
    expect(await visits.countDocuments()).toBe(2);
  });
});

describe('Indexes', () => {
  const create = (...indexes: object[]): Promise<unknown> => db.command({ createIndexes: 'visits', indexes });

  it('are made once, and told when they are there', async () => {
    expect(await create({ key: { a: 1 }, name: 'a_1' })).toMatchObject({
      createdCollectionAutomatically: true,
      numIndexesBefore: 1,
      numIndexesAfter: 2,
    });
    expect(await create({ key: { a: 1 }, name: 'a_1', background: true })).toMatchObject({
      note: 'all indexes already exist',
    });
  });

  it('conflict as in MongoDB', async () => {
    await create({ key: { a: 1 }, name: 'a_1' }, { key: { t: 1 }, name: 't_1', expireAfterSeconds: 5 });
    await expect(create({ key: { a: 1 }, name: 'other' })).rejects.toMatchObject({ code: 85 });
    await expect(create({ key: { b: 1 }, name: 'a_1' })).rejects.toMatchObject({ code: 86 });
    await expect(create({ key: { a: 1 }, name: 'a_1', unique: true })).rejects.toMatchObject({ code: 86 });
    await expect(create({ key: { t: 1 }, name: 't_1', expireAfterSeconds: 9 })).rejects.toMatchObject({ code: 85 });
    expect(await visits.indexes()).toHaveLength(3);
  });

  it.each([
    [{ a: 'text' }, 238],
    [{ a: '2dsphere' }, 238],
    [{ a: 'hashed' }, 238],
    [{ '$**': 1 }, 238],
    [{ a: 0 }, 67],
  ])('of %j are refused', async (key, code) => {
    await expect(create({ key, name: 'x' })).rejects.toMatchObject({ code });
  });

  it('are dropped by name, by key and all', async () => {
    await create({ key: { a: 1 }, name: 'a' }, { key: { b: 1 }, name: 'b' }, { key: { c: 1 }, name: 'c' });
    expect(await db.command({ dropIndexes: 'visits', index: 'a' })).toMatchObject({ nIndexesWas: 4 });
    await db.command({ dropIndexes: 'visits', index: { b: 1 } });
    await expect(db.command({ dropIndexes: 'visits', index: 'nope' })).rejects.toMatchObject({ code: 27 });
    await expect(db.command({ dropIndexes: 'visits', index: '_id_' })).rejects.toMatchObject({ code: 72 });
    await db.command({ dropIndexes: 'visits', index: '*' });
    expect(await visits.indexes()).toHaveLength(1);
    await expect(db.command({ listIndexes: 'nowhere' })).rejects.toMatchObject({ code: 26 });
  });
});

describe('What is not here', () => {
  it.each<[object, number]>([
    [{ mapReduce: 'visits' }, 59],
    [{ find: 'visits', collation: { locale: 'de' } }, 238],
    [{ find: 'visits', tailable: true }, 238],
    [{ find: 'visits', nonsense: 1 }, 40415],
    [{ aggregate: 'visits', pipeline: [{ $changeStream: {} }], cursor: {} }, 40573],
    [{ insert: 'visits', documents: [{}], txnNumber: 1, autocommit: false, startTransaction: true }, 20],
    [{ create: 'visits', capped: true, size: 100 }, 238],
    [{ insert: 'visits', documents: [{}], writeConcern: { w: 2 } }, 2],
  ])('is refused: %j', async (command, code) => {
    await expect(db.command(command)).rejects.toMatchObject({ code });
    expect(await db.listCollections().toArray()).toEqual([]);
  });
});
