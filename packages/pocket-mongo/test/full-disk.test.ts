import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Collection, MongoClient } from 'mongodb';
import { type FullDiskServer, startFullDiskServer } from './support/full-disk.ts';
import { temporaryFolder } from './support/server-process.ts';

interface Item {
  _id: number;
  state: string;
}

const noRoom = { code: 14031, codeName: 'OutOfDiskSpace' };
let folder: ReturnType<typeof temporaryFolder>;
let server: FullDiskServer;
let client: MongoClient;
let items: Collection<Item>;

beforeEach(async () => {
  folder = temporaryFolder();
  server = await startFullDiskServer(folder.path);
  client = await MongoClient.connect(server.uri);
  items = client.db().collection('items');
  await items.createIndex({ state: 1 });
  await items.insertMany([1, 2, 3].map((_id) => ({ _id, state: 'free' })));
});
afterEach(async () => {
  await client.close();
  await server.close();
  folder.remove();
});

describe('A full disk', () => {
  it('refuses writes, leaves what was written to be read, and hinders nobody when it has room again', async () => {
    server.disk.full = true;
    await expect(items.insertOne({ _id: 4, state: 'free' })).rejects.toMatchObject(noRoom);
    await expect(items.updateOne({ _id: 1 }, { $set: { state: 'taken' } })).rejects.toMatchObject(noRoom);
    await expect(items.findOneAndUpdate({ state: 'free' }, { $set: { state: 'taken' } })).rejects.toMatchObject(noRoom);
    await expect(items.deleteOne({ _id: 2 })).rejects.toMatchObject(noRoom);
    await expect(client.db().collection('others').insertOne({})).rejects.toMatchObject(noRoom);
    await expect(items.createIndex({ other: 1 })).rejects.toMatchObject(noRoom);
    await expect(items.drop()).rejects.toMatchObject(noRoom);
    expect(await items.find({ state: 'free' }).sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, state: 'free' },
      { _id: 2, state: 'free' },
      { _id: 3, state: 'free' },
    ]);
    expect((await items.indexes()).map(({ name }) => name)).toEqual(['_id_', 'state_1']);
    expect((await client.db().listCollections().toArray()).map(({ name }) => name)).toEqual(['items']);
    server.disk.full = false;
    await items.insertOne({ _id: 4, state: 'free' });
    await items.updateOne({ _id: 1 }, { $set: { state: 'taken' } });
    expect(await items.countDocuments({ state: 'free' })).toBe(3);
    expect(await items.estimatedDocumentCount()).toBe(4);
  });

  it('refuses all writes that were to be committed together, and no read beside them', async () => {
    server.disk.full = true;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => items.insertOne({ _id: 100 + n, state: 'free' })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 'rejected'));
    expect(await items.countDocuments()).toBe(3);
    server.disk.full = false;
    await items.insertMany(Array.from({ length: 20 }, (_, n) => ({ _id: 100 + n, state: 'free' })));
    expect(await items.countDocuments()).toBe(23);
  });
});

describe('The move of the log into the file', () => {
  /** So many that the log is moved while they are written. */
  const many = Array.from({ length: 3_000 }, (_, n) => ({ _id: 1_000 + n, state: 'x'.repeat(1_000) }));

  it('holds back writes until the disk has it, and no reads', async () => {
    let synced: () => void = () => undefined;
    const waits = new Promise<void>((begun) => {
      server.disk.sync = () =>
        new Promise((done) => {
          synced = done;
          begun();
        });
    });
    const writing = items.insertMany(many);
    await waits;
    let written = false;
    const other = items.insertOne({ _id: 4, state: 'free' }).then(() => {
      written = true;
    });
    expect(await items.countDocuments({ state: 'free' })).toBe(3);
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, state: 'free' });
    expect(written).toBe(false);
    server.disk.sync = async () => undefined;
    synced();
    await other;
    expect((await writing).insertedCount).toBe(3_000);
    expect(await items.countDocuments()).toBe(3_004);
  });

  it('stops the store when the disk does not take it', async () => {
    server.disk.sync = () => Promise.reject(new Error('EIO: i/o error, fdatasync'));
    const reason = 'has stopped until it is started again, because its data could not be made safe: EIO';
    await expect(items.insertMany(many)).rejects.toThrow(reason);
    await expect(items.findOne()).rejects.toThrow(reason);
  });
});
