import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Collection, MongoClient } from 'mongodb';
import mongoose from 'mongoose';
import { type MeasuredServer, startMeasured } from './measured-server.ts';
import { median, ratePerSecond, timed } from './statistics.ts';
import { loadVisits, ordinary, type Visit } from './visit.ts';

/**
 * The marks of issue 5 at two sizes, the middle of some runs each. `--filled DIR` takes a folder filled before for the
 * larger one. Every run is a server of its own: opened, measured,
 * killed with -9, opened again, ended.
 */
const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '1000000' },
    few: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '5' },
    filled: { type: 'string' },
  },
});
const RUNS = Number(values.runs);
const MIXED = 50_000;
const CLAIMS = 4_000;
const PINGS = 8_000;
const IN_FLIGHT = 50;
const SERIAL = 2_000;
const BATCH = 100;
const BATCHES = 30;

type Figures = Record<string, number>;

const visitsOf = (client: MongoClient): Collection<Visit> => client.db().collection<Visit>('visits');

async function serial(uri: string, count: number): Promise<Figures> {
  const connection = await mongoose.createConnection(uri).asPromise();
  const schema = new mongoose.Schema({
    key: String,
    state: String,
    at: Date,
    clinic: Number,
    patient: String,
    text: String,
  });
  const Visits = connection.model('visit', schema, 'visits');
  const pong = async (): Promise<void> => {
    await connection.db?.command({ ping: 1 });
  };
  const ping: number[] = [];
  const find: number[] = [];
  for (let i = 0; i < SERIAL; i++) {
    ping.push(await timed(pong));
    find.push(await timed(() => Visits.findOne({ key: `visit-${String((i * 104_729) % count)}` }).exec()));
  }
  await connection.close();
  return {
    'ping p50 ms': median(ping),
    'find p50 ms': median(find),
    'find p50 − ping p50 ms': median(find) - median(ping),
  };
}

async function claims(visits: Collection<Visit>, client: MongoClient): Promise<Figures> {
  const free = { state: 'free' } as const;
  const ping = async (): Promise<unknown> => client.db().command({ ping: 1 });
  const claim = (): Promise<unknown> =>
    visits.findOneAndUpdate(free, { $set: { state: 'taken' } }, { sort: { at: 1 } });
  // Both are measured as a server does them that has run for a while.
  await ratePerSecond(PINGS / 4, IN_FLIGHT, ping);
  await ratePerSecond(CLAIMS, IN_FLIGHT, claim);
  const before = await ratePerSecond(PINGS, IN_FLIGHT, ping);
  const claimed = await ratePerSecond(CLAIMS, IN_FLIGHT, claim);
  const after = await ratePerSecond(PINGS, IN_FLIGHT, ping);
  const pings = (before + after) / 2;
  await visits.updateMany({ state: 'taken' }, { $set: free });
  const batches = await ratePerSecond(BATCHES, 1, async (number) => {
    const found = await visits
      .find(free)
      .sort({ at: 1 })
      .limit(BATCH)
      .project<Pick<Visit, '_id'>>({ _id: 1 })
      .toArray();
    const ids = found.map(({ _id }) => _id);
    await visits.updateMany(
      { _id: { $in: ids }, ...free },
      { $set: { state: 'taken', patient: `by-${String(number)}` } },
    );
  });
  return {
    'ping/s': pings,
    'claim/s': claimed,
    'claim ÷ ping': claimed / pings,
    'batch claim docs/s': batches * BATCH,
  };
}

interface Turns {
  readonly metrics: { readonly writeTurns: Record<string, number> };
}

async function turns(client: MongoClient): Promise<Figures> {
  const { metrics } = (await client.db('admin').command({ serverStatus: 1 })) as unknown as Turns;
  const { total = 0, over10Ms = 0, longestMs = 0 } = metrics.writeTurns;
  return { 'write turns': total, 'write turns over 10 ms': over10Ms, 'longest write turn ms': longestMs };
}

async function mixed(server: MeasuredServer, count: number): Promise<Figures> {
  const client = await MongoClient.connect(server.uri);
  const visits = visitsOf(client);
  await ratePerSecond(MIXED, 16, (number) => ordinary(visits, number, count));
  const figures = { 'resident MB': server.resident(), ...(await turns(client)) };
  await client.close();
  return figures;
}

async function run(folder: string, count: number): Promise<Figures> {
  const first = await startMeasured(folder);
  const figures: Figures = { 'open s': first.openMs / 1_000, ...(await mixed(first, count)) };
  if (count > 0) {
    Object.assign(figures, await serial(first.uri, count));
    const client = await MongoClient.connect(first.uri, { maxPoolSize: IN_FLIGHT });
    Object.assign(figures, await claims(visitsOf(client), client));
    await visitsOf(client).updateMany({ state: 'taken' }, { $set: { state: 'free' } });
    await client.close();
  }
  await first.end('SIGKILL');
  const again = await startMeasured(folder);
  figures['open after kill -9 s'] = again.openMs / 1_000;
  await again.end('SIGTERM');
  return figures;
}

async function filled(parent: string, count: number): Promise<string> {
  const folder = join(parent, String(count));
  mkdirSync(folder, { mode: 0o700 });
  const server = await startMeasured(folder);
  const client = await MongoClient.connect(server.uri);
  const ms = await timed(() => loadVisits(visitsOf(client), count));
  const load = await turns(client);
  console.log(`${String(count)} documents loaded in ${(ms / 1_000).toFixed(1)} s`, JSON.stringify(load));
  await client.close();
  await server.end('SIGTERM');
  return folder;
}

const parent = mkdtempSync(join(tmpdir(), 'pocket-million-'));
try {
  for (const count of [0, Number(values.few), Number(values.documents)]) {
    const isLarge = count === Number(values.documents);
    const folder = isLarge && values.filled !== undefined ? values.filled : await filled(parent, count);
    const runs: Figures[] = [];
    for (let i = 0; i < RUNS; i++) runs.push(await run(folder, count));
    console.log(`\n${String(count)} documents, the middle of ${String(RUNS)} runs (and all of them)`);
    for (const name of Object.keys(runs[0] ?? {})) {
      const all = runs.map((figures) => figures[name] ?? Number.NaN);
      console.log(
        `${name.padEnd(24)} ${median(all).toFixed(2).padStart(10)}   (${all.map((figure) => figure.toFixed(2)).join(', ')})`,
      );
    }
  }
} finally {
  rmSync(parent, { recursive: true });
}
