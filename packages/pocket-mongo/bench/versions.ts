import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';

/**
 * Whether data written by one Node open in the others: `npx tsx bench/versions.ts NODE22 NODE24`, paths of their
 * programs; the Node that runs this is the first. Each writes, is killed with -9 and so leaves its log for the next.
 */
const PROGRAM = fileURLToPath(new URL('../bin/pocket-mongod', import.meta.url));
const NODES = [process.execPath, ...process.argv.slice(2)];
const EACH = 500;

const versionOf = (node: string): string => execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();

async function write(node: string, folder: string, round: number): Promise<number> {
  const socketPath = join(folder, 's.sock');
  const child = spawn(node, [PROGRAM, '--dbpath', folder, '--socketPath', socketPath]);
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  const client = await MongoClient.connect(`mongodb://${encodeURIComponent(socketPath)}/?directConnection=true`);
  const items = client.db('clinic').collection<{ _id: number; tags: string[] }>('items');
  await items.createIndex({ tags: 1, _id: -1 });
  await items.insertMany(
    Array.from({ length: EACH }, (_, n) => ({ _id: round * EACH + n, tags: ['x', `t${String(n % 7)}`] })),
  );
  const found = await items.find({ tags: 't3' }).hint({ tags: 1, _id: -1 }).toArray();
  child.kill('SIGKILL');
  await ended;
  await client.close();
  return found.length;
}

const folder = mkdtempSync(join(tmpdir(), 'pocket-versions-'));
try {
  let round = 0;
  // Every one after every other.
  for (const first of NODES)
    for (const second of NODES) {
      for (const node of [first, second]) {
        const found = await write(node, folder, round++);
        const expected = round * Math.ceil((EACH - 3) / 7);
        if (found !== expected) throw new Error(`${versionOf(node)} finds ${String(found)} of ${String(expected)}`);
      }
      console.log(`${versionOf(first)}, then ${versionOf(second)}: all there.`);
    }
  for (const node of NODES)
    console.log(
      versionOf(node),
      execFileSync(node, [PROGRAM, '--dbpath', folder, '--check'], { encoding: 'utf8' }).trim(),
    );
} finally {
  rmSync(folder, { recursive: true });
}
