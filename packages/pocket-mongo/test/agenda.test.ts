import { MongoBackend } from '@agendajs/mongo-backend';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agenda } from 'agenda';
import { type Db, MongoClient } from 'mongodb';
import { type PocketMongo, startPocketMongo } from '../src/start.ts';
import { temporaryFolder } from './support/server-process.ts';

const folder = temporaryFolder();
let store: PocketMongo;
let client: MongoClient;
let db: Db;

beforeAll(async () => {
  store = await startPocketMongo({ dbPath: folder.path });
  client = await MongoClient.connect(store.uri);
  db = client.db('agenda');
});
afterAll(async () => {
  await client.close();
  await store.stop();
  folder.remove();
});

async function started(collection: string): Promise<Agenda> {
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo: db, collection }),
    processEvery: 50,
    // Half of it is how long Agenda's watch over a job outlives the job.
    defaultLockLifetime: 1_000,
  });
  await agenda.ready;
  return agenda;
}

/** Has some jobs done and gives how many milliseconds that takes. */
async function msForJobs(agenda: Agenda, count: number): Promise<number> {
  let left = count;
  const done = new Promise<void>((resolve) => {
    agenda.define('remind', async () => {
      if (--left === 0) resolve();
    });
  });
  for (let n = 0; n < count; n++) await agenda.now('remind', { n });
  const startedAt = performance.now();
  await agenda.start();
  await done;
  return performance.now() - startedAt;
}

describe('Agenda', () => {
  it('runs, repeats, cancels and keeps its jobs', async () => {
    const agenda = await started('jobs');
    const done: string[] = [];
    const all = new Promise<void>((resolve) => {
      agenda.define('remind', async (job: { attrs: { data: { who: string } } }) => {
        done.push(job.attrs.data.who);
        if (done.length === 3) resolve();
      });
    });
    await agenda.start();
    await agenda.now('remind', { who: 'maria' });
    await agenda.schedule(new Date(Date.now() + 100), 'remind', { who: 'pjotr' });
    await agenda.every(100, 'remind', { who: 'daily' });
    await all;
    expect(done).toEqual(expect.arrayContaining(['maria', 'pjotr', 'daily']));
    const { jobs } = await agenda.queryJobs({ name: 'remind' });
    expect(jobs).toHaveLength(3);
    expect(await agenda.cancel({ name: 'remind' })).toBe(3);
    await agenda.stop();
  });

  it('does not get slower by 5,000 finished jobs that are kept', async () => {
    const fresh = await started('fresh');
    const without = await msForJobs(fresh, 60);
    await fresh.stop();
    const kept = await started('kept');
    const finishedAt = new Date('2026-01-01');
    // As Agenda leaves a job that is done.
    const finished = {
      name: 'remind',
      type: 'normal',
      priority: 0,
      nextRunAt: null,
      lockedAt: null,
      lastFinishedAt: finishedAt,
    };
    await db.collection('kept').insertMany(Array.from({ length: 5_000 }, (_, n) => ({ ...finished, data: { n } })));
    const withKept = await msForJobs(kept, 60);
    await kept.stop();
    expect(await db.collection('kept').countDocuments({ nextRunAt: null })).toBe(5_060);
    expect(withKept).toBeLessThan(2 * without + 500);
  });
});
