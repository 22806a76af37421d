import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Collection, MongoClient } from 'mongodb';
import { startPocketMongo } from '../src/start.ts';

interface Item {
  _id: number;
  state: string;
  at: number;
  text: string;
}

const SECONDS = 3;
const DOCUMENTS = 20_000;
const IN_FLIGHT = 50;

/** Operations a second of one kind: `lanes` of them at a time, for some seconds. */
async function rate(lanes: number, once: (number: number) => Promise<unknown>): Promise<number> {
  const until = performance.now() + SECONDS * 1_000;
  let done = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) await once(done++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return Math.round(done / SECONDS);
}

async function measure(items: Collection<Item>, client: MongoClient): Promise<void> {
  const document = (number: number): Item => ({ _id: number, state: 'new', at: number, text: 'x'.repeat(300) });
  await items.createIndex({ state: 1, at: 1 });
  for (let first = 0; first < DOCUMENTS; first += 1_000)
    await items.insertMany(Array.from({ length: 1_000 }, (_, offset) => document(first + offset)));
  let next = DOCUMENTS;
  const kinds: readonly (readonly [string, (number: number) => Promise<unknown>])[] = [
    ['ping', () => client.db().command({ ping: 1 })],
    ['find by _id', (number) => items.findOne({ _id: number % DOCUMENTS })],
    ['insert', () => items.insertOne(document(next++))],
    [
      'update by _id',
      (number) => items.updateOne({ _id: number % DOCUMENTS }, { $set: { text: `y${String(number)}` } }),
    ],
    ['claim', () => items.findOneAndUpdate({ state: 'new' }, { $set: { state: 'taken' } }, { sort: { at: 1 } })],
  ];
  for (const [name, once] of kinds)
    console.log(
      `${name.padEnd(14)} ${String(await rate(1, once)).padStart(7)}/s ${String(await rate(IN_FLIGHT, once)).padStart(7)}/s`,
    );
}

const folder = mkdtempSync(join(tmpdir(), 'pocket-rates-'));
const startedAt = performance.now();
const store = await startPocketMongo({ dbPath: folder });
console.log(
  `start          ${((performance.now() - startedAt) / 1_000).toFixed(2)} s; then one by one, and ${String(IN_FLIGHT)} in flight`,
);
const client = await MongoClient.connect(store.uri);
try {
  await measure(client.db().collection<Item>('items'), client);
} finally {
  await client.close();
  await store.stop();
  rmSync(folder, { recursive: true });
}
