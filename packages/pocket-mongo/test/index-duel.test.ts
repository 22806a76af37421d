import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { indexDuel } from './support/index-duel.ts';
import { runProgram, type ServerProcess, startServer, temporaryFolder } from './support/server-process.ts';

const folder = temporaryFolder();
let server: ServerProcess;
let client: MongoClient;

beforeAll(async () => {
  server = await startServer(folder.path);
  client = await MongoClient.connect(server.uri);
});
afterAll(() => folder.remove());

// For minutes and other seeds: npx tsx packages/pocket-mongo/bench/duel.ts --minutes 5 --seed 100
it('Indexes find what a walk through everything finds, in the same order', async () => {
  for (let seed = 1; seed <= 12; seed++) expect(await indexDuel(client.db('duel'), seed)).toBe(60);
  await client.close();
  server.child.kill();
  await server.ended;
  expect(await runProgram(['--dbpath', folder.path, '--check'])).toMatchObject({ output: 'The data are whole.\n' });
}, 240_000);
