import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Db, MongoClient } from 'mongodb';
import { startPocketMongo } from '../src/start.ts';
import { runProgram, type ServerProcess, startServer, temporaryFolder } from './support/server-process.ts';

interface Account {
  _id: number;
  group: number;
  balance: number;
}

const COUNT = 4_000;
let folder: ReturnType<typeof temporaryFolder>;
let server: ServerProcess;
let client: MongoClient;
let db: Db;

async function connect(dbPath: string): Promise<void> {
  server = await startServer(dbPath);
  client = await MongoClient.connect(server.uri);
  db = client.db('clinic');
}

async function end(): Promise<void> {
  await client.close();
  server.child.kill();
  await server.ended;
}

beforeEach(async () => {
  folder = temporaryFolder();
  await connect(folder.path);
  const accounts = db.collection<Account>('accounts');
  await accounts.createIndex({ group: 1 });
  await accounts.createIndex({ balance: 1 });
  await accounts.insertMany(
    Array.from({ length: COUNT }, (_, n) => ({ _id: n, group: n >> 1, balance: -1, text: 'x'.repeat(200) })),
  );
});
afterEach(async () => {
  await end();
  folder.remove();
});

describe('A backup', () => {
  it('of a store that is written to shows all of it at one moment', async () => {
    const file = join(folder.path, 'copy.db');
    const accounts = db.collection<Account>('accounts');
    const over = new AbortController();
    let moves = 0;
    // The one changes where the copy has been already, the other where it has not been yet.
    const busy = (async (): Promise<void> => {
      for (; !over.signal.aborted; moves++) {
        await accounts.insertOne({ _id: COUNT + moves, group: -1, balance: moves });
        await accounts.updateOne({ _id: 0 }, { $set: { balance: moves } });
        await accounts.deleteOne({ _id: 2 * moves + 1 });
      }
    })();
    const { bytes } = await db.admin().command({ pocketBackup: 1, to: file });
    over.abort();
    await busy;
    expect(moves).toBeGreaterThan(2);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(file).size).toBe(Number(bytes));
    await end();
    const restored = join(folder.path, 'restored');
    expect(await runProgram(['--dbpath', restored, '--restore', file])).toEqual({
      code: 0,
      output: `The data of ${file} are in ${restored}.\n`,
    });
    await connect(restored);
    const { balance: last = -1 } = (await db.collection<Account>('accounts').findOne({ _id: 0 })) ?? {};
    const made = await db.collection('accounts').countDocuments({ group: -1 });
    const gone = COUNT - (await db.collection('accounts').countDocuments({ group: { $gte: 0 } }));
    expect(last).toBeGreaterThan(0);
    expect([last + 1, last + 2]).toContain(made);
    expect([last, last + 1]).toContain(gone);
    expect(await db.collection('accounts').indexes()).toHaveLength(3);
  });

  it('is made by the program, whether a server runs on the data or not', async () => {
    const [running, stopped] = [join(folder.path, 'running.db'), join(folder.path, 'stopped.db')];
    expect(await runProgram(['--dbpath', folder.path, '--backup', running])).toEqual({
      code: 0,
      output: `The backup is in ${running}.\n`,
    });
    await end();
    expect(await runProgram(['--dbpath', folder.path, '--backup', stopped])).toMatchObject({ code: 0 });
    expect(readFileSync(running).equals(readFileSync(stopped))).toBe(true);
    await connect(folder.path);
  });

  it('of a service’s store is made beside the service', async () => {
    const dbPath = join(folder.path, 'service');
    const store = await startPocketMongo({ dbPath });
    const file = join(folder.path, 'service.db');
    expect(await runProgram(['--dbpath', dbPath, '--backup', file])).toMatchObject({ code: 0 });
    await store.stop();
    expect(existsSync(file)).toBe(true);
    expect(existsSync(join(dbPath, 'pocket.address'))).toBe(false);
  });

  it('takes the place of nothing', async () => {
    const file = join(folder.path, 'taken.db');
    writeFileSync(file, 'mine');
    await expect(db.admin().command({ pocketBackup: 1, to: file })).rejects.toMatchObject({ code: 72 });
    await expect(db.admin().command({ pocketBackup: 1, to: 'relative.db' })).rejects.toMatchObject({ code: 2 });
    expect(await runProgram(['--dbpath', folder.path, '--backup', file])).toMatchObject({ code: 100 });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await db.collection('accounts').countDocuments()).toBe(COUNT);
  });

  it('that cannot be written is an error, and the store goes on', async () => {
    const to = join(folder.path, 'nowhere', 'copy.db');
    await expect(db.admin().command({ pocketBackup: 1, to })).rejects.toThrow('no such file or directory');
    await db.collection<Account>('accounts').insertOne({ _id: -1, group: 0, balance: 0 });
  });
});

describe('A restore', () => {
  it('leaves data alone that are there', async () => {
    const file = join(folder.path, 'copy.db');
    await db.admin().command({ pocketBackup: 1, to: file });
    await end();
    const ended = await runProgram(['--dbpath', folder.path, '--restore', file]);
    expect(ended).toMatchObject({ code: 100 });
    expect(ended.output).toMatch(/has data already: move them away first, .*\n$/);
    await connect(folder.path);
  });

  it('leaves alone a log that was left behind: it would be moved into the restored data', async () => {
    const file = join(folder.path, 'copy.db');
    await db.admin().command({ pocketBackup: 1, to: file });
    const restored = join(folder.path, 'restored');
    mkdirSync(restored);
    copyFileSync(join(folder.path, 'pocket.db-wal'), join(restored, 'pocket.db-wal'));
    const ended = await runProgram(['--dbpath', restored, '--restore', file]);
    expect(ended).toMatchObject({ code: 100 });
    expect(ended.output).toMatch(/move them away first, pocket\.db-wal and -sums too\n$/);
    expect(existsSync(join(restored, 'pocket.db'))).toBe(false);
  });

  it('refuses a backup that is damaged and does nothing', async () => {
    const file = join(folder.path, 'copy.db');
    await db.admin().command({ pocketBackup: 1, to: file });
    const bytes = readFileSync(file);
    const text = 'x'.repeat(200);
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) bytes[at + 50] = 0x79;
    writeFileSync(file, bytes);
    const restored = join(folder.path, 'restored');
    const ended = await runProgram(['--dbpath', restored, '--restore', file]);
    expect(ended.code).toBe(1);
    expect(ended.output).toMatch(/^clinic\.accounts: the document with _id .* is damaged \(checksum\)\n/);
    expect(existsSync(join(restored, 'pocket.db'))).toBe(false);
  });
});
