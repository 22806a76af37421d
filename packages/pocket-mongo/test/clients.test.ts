import { MongoBackend } from '@agendajs/mongo-backend';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agenda } from 'agenda';
import mongoose from 'mongoose';
import { type PocketMongo, startPocketMongo } from '../src/start.ts';
import { temporaryFolder } from './support/server-process.ts';

const folder = temporaryFolder();
let store: PocketMongo;
let connection: mongoose.Connection;

beforeAll(async () => {
  store = await startPocketMongo({ dbPath: folder.path });
  connection = await mongoose.createConnection(store.uri).asPromise();
});
afterAll(async () => {
  await connection.close();
  await store.stop();
  folder.remove();
});

describe('mongoose', () => {
  it('brings indexes into line', async () => {
    const schema = new mongoose.Schema({ phone: String, at: Date });
    schema.index({ phone: 1 }, { unique: true });
    schema.index({ at: 1 }, { expireAfterSeconds: 60 });
    const Visit = connection.model('Visit', schema);
    await Visit.createCollection();
    await Visit.collection.createIndex({ old: 1 });
    expect(await Visit.syncIndexes()).toEqual(['old_1']);
    expect(await Visit.syncIndexes()).toEqual([]);
    expect((await Visit.listIndexes()).map(({ name }: { name: string }) => name)).toEqual(['_id_', 'phone_1', 'at_1']);
  });

  it('keeps two writers apart by version', async () => {
    const Card = connection.model('Card', new mongoose.Schema({ tags: [String] }, { optimisticConcurrency: true }));
    const card = await Card.create({ tags: ['a'] });
    const [one, two] = await Promise.all([Card.findById(card.id), Card.findById(card.id)]);
    one?.tags.push('b');
    await one?.save();
    two?.tags.push('c');
    await expect(two?.save()).rejects.toThrow(mongoose.Error.VersionError);
  });
});

describe('Agenda', () => {
  it('runs, repeats, cancels and keeps its jobs', async () => {
    const agenda = new Agenda({
      backend: new MongoBackend({ mongo: connection.getClient().db('agenda'), collection: 'jobs' }),
      processEvery: 50,
      // Half of it is how long Agenda's watch over a job outlives the job.
      defaultLockLifetime: 1_000,
    });
    await agenda.ready;
    const done: string[] = [];
    const both = new Promise<void>((resolve) => {
      agenda.define('remind', async (job: { attrs: { data: { who: string } } }) => {
        done.push(job.attrs.data.who);
        if (done.length === 3) resolve();
      });
    });
    await agenda.start();
    await agenda.now('remind', { who: 'maria' });
    await agenda.schedule(new Date(Date.now() + 100), 'remind', { who: 'pjotr' });
    await agenda.every(100, 'remind', { who: 'daily' });
    await both;
    expect(done).toEqual(expect.arrayContaining(['maria', 'pjotr', 'daily']));
    const { jobs } = await agenda.queryJobs({ name: 'remind' });
    expect(jobs).toHaveLength(3);
    expect(await agenda.cancel({ name: 'remind' })).toBe(3);
    await agenda.stop();
  });
});
