import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { indexDuel } from '../test/support/index-duel.ts';
import { startMeasured } from './measured-server.ts';

/** Compares what indexes find with what a walk through everything finds, seed after seed, for some minutes. */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '3' }, seed: { type: 'string', default: '1000' } },
});
const folder = mkdtempSync(join(tmpdir(), 'pocket-duel-'));
const server = await startMeasured(folder);
const client = await MongoClient.connect(server.uri);
const endsAt = Date.now() + Number(values.minutes) * 60_000;
const first = Number(values.seed);
let seed = first;
let searches = 0;
try {
  for (; Date.now() < endsAt; seed++) searches += await indexDuel(client.db('duel'), seed);
  console.log(`Seeds ${String(first)} to ${String(seed - 1)}: ${String(searches)} searches, every answer the same.`);
} finally {
  await client.close();
  await server.end('SIGTERM');
  rmSync(folder, { recursive: true });
}
