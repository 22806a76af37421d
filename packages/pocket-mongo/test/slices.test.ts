import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Collection, type Db, MongoClient } from 'mongodb';
import { runProgram, type ServerProcess, startServer, temporaryFolder } from './support/server-process.ts';

interface Item {
  _id: number;
  n: number;
  tries?: number;
  state?: string;
}

const COUNT = 12_000;
const folder = temporaryFolder();
let server: ServerProcess;
let client: MongoClient;
let db: Db;
let items: Collection<Item>;

async function open(): Promise<void> {
  server = await startServer(folder.path);
  client = await MongoClient.connect(server.uri);
  db = client.db('clinic');
  items = db.collection('items');
}

async function close(signal: NodeJS.Signals): Promise<void> {
  server.child.kill(signal);
  await server.ended;
  await client.close();
}

/** Starts some work and counts the pings that are answered before it ends. */
async function pingsDuring<T>(work: Promise<T>): Promise<{ readonly pings: number; readonly result: T }> {
  let pings = 0;
  const over = new AbortController();
  const counted = (async (): Promise<void> => {
    while (!over.signal.aborted) {
      await db.command({ ping: 1 });
      pings++;
    }
  })();
  const result = await work.finally(() => over.abort());
  await counted;
  return { pings, result };
}

beforeAll(open);
beforeEach(async () => {
  await db.dropDatabase();
  await items.insertMany(Array.from({ length: COUNT }, (_, n) => ({ _id: n, n: n % 1_000, state: 'free' })));
});
afterAll(async () => {
  await close('SIGTERM');
  folder.remove();
});

describe('Others are served while', () => {
  it('many documents are inserted', async () => {
    const more = Array.from({ length: COUNT }, (_, n) => ({ _id: COUNT + n, n }));
    const { pings, result } = await pingsDuring(items.insertMany(more));
    expect(result.insertedCount).toBe(COUNT);
    expect(pings).toBeGreaterThan(5);
  });

  it('many documents are changed', async () => {
    const { pings, result } = await pingsDuring(items.updateMany({}, { $inc: { tries: 1 } }));
    expect(result.modifiedCount).toBe(COUNT);
    expect(pings).toBeGreaterThan(5);
    expect(await items.countDocuments({ tries: 1 })).toBe(COUNT);
  });

  it('many documents are removed', async () => {
    const { pings, result } = await pingsDuring(items.deleteMany({ n: { $gte: 500 } }));
    expect(result.deletedCount).toBe(COUNT / 2);
    expect(pings).toBeGreaterThan(5);
    expect(await items.countDocuments({ n: { $gte: 0 } })).toBe(COUNT / 2);
  });

  it('a pipeline groups and sorts what it has to see as a whole', async () => {
    const pipeline = [{ $group: { _id: '$n', count: { $sum: 1 } } }, { $sort: { _id: -1 } }];
    const { pings, result } = await pingsDuring(items.aggregate(pipeline).toArray());
    expect(result).toHaveLength(1_000);
    expect(result[0]).toEqual({ _id: 999, count: 12 });
    expect(pings).toBeGreaterThan(5);
  });

  it('an index is built', async () => {
    const { pings } = await pingsDuring(items.createIndex({ n: 1 }));
    expect(pings).toBeGreaterThan(5);
    expect(await items.find({ n: 7 }).hint({ n: 1 }).toArray()).toHaveLength(12);
  });
});

describe('An index that is being built', () => {
  it('holds in the end what others wrote meanwhile', async () => {
    const building = items.createIndex({ n: 1, state: 1 });
    for (let n = 0; n < 40; n++) {
      await items.insertOne({ _id: COUNT + n, n: 5_000 });
      await items.updateOne({ _id: n }, { $set: { n: 5_000 } });
      await items.updateOne({ _id: COUNT - 1 - n }, { $set: { n: 5_000 } });
      await items.deleteOne({ _id: 2_000 + n });
    }
    await building;
    expect(await items.find({ n: 5_000 }).hint({ n: 1, state: 1 }).toArray()).toHaveLength(120);
    expect(await items.find({ n: 1 }).hint({ n: 1, state: 1 }).toArray()).toHaveLength(10);
  });

  it('is not there when two documents have the same key, and can be asked for again', async () => {
    await expect(items.createIndex({ n: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000 });
    expect(await items.indexes()).toHaveLength(1);
    await items.deleteMany({ _id: { $gte: 1_000 } });
    await items.createIndex({ n: 1 }, { unique: true });
    await expect(items.insertOne({ _id: -1, n: 3 })).rejects.toMatchObject({ code: 11000 });
  });

  it('is built once for two clients that ask for it', async () => {
    const command = { createIndexes: 'items', indexes: [{ key: { n: 1 }, name: 'n_1' }] };
    const [one, two] = await Promise.all([db.command(command), db.command(command)]);
    expect([one['numIndexesAfter'], two['numIndexesAfter']]).toEqual([2, 2]);
    expect([one['note'], two['note']]).toContain('all indexes already exist');
  });

  it('ends with its collection', async () => {
    const building = items.createIndex({ n: 1 });
    await db.command({ ping: 1 });
    await items.drop();
    await expect(building).rejects.toMatchObject({ code: 276 });
  });

  it('is gone after kill -9', async () => {
    const building = items.createIndex({ n: 1 }).catch(() => 'lost');
    for (let i = 0; i < 3; i++) await db.command({ ping: 1 });
    await close('SIGKILL');
    expect(await building).toBe('lost');
    await open();
    expect((await items.indexes()).map(({ name }) => name)).toEqual(['_id_']);
    await items.createIndex({ n: 1 });
    await close('SIGTERM');
    expect(await runProgram(['--dbpath', folder.path, '--check'])).toMatchObject({ code: 0 });
    await open();
  });
});

describe('A claim that no index helps', () => {
  it('takes each document once, however many look at the same time', async () => {
    await items.deleteMany({ _id: { $lt: COUNT - 300 } });
    await items.insertMany(Array.from({ length: 3_000 }, (_, n) => ({ _id: n, n, state: 'busy' })));
    const claims = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        items.findOneAndUpdate(
          { state: 'free' },
          { $set: { state: 'taken' }, $inc: { tries: 1 } },
          n % 2 === 0 ? { sort: { n: -1 } } : {},
        ),
      ),
    );
    expect(new Set(claims.map((claim) => claim?._id)).size).toBe(60);
    expect(await items.countDocuments({ state: 'taken', tries: 1 })).toBe(60);
  });
});
