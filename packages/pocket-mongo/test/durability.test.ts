import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { startPocketMongo } from '../src/start.ts';
import { runProgram, startServer, temporaryFolder } from './support/server-process.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const connect = (uri: string): Promise<MongoClient> =>
  MongoClient.connect(uri, { serverSelectionTimeoutMS: 500, maxPoolSize: 32 });

describe('What was answered', () => {
  it('is there after kill -9 under load', async () => {
    const acknowledged = new Set<number>();
    for (let round = 0; round < 3; round++) {
      const server = await startServer(folder.path);
      const client = await connect(server.uri);
      const visits = client.db('clinic').collection<{ _id: number; half?: boolean }>('visits');
      await visits.createIndex({ round: 1, n: 1 }, { unique: true });
      let next = round * 1_000_000;
      const enough = new Promise<void>((resolve) => {
        const work = async (): Promise<void> => {
          for (;;) {
            const _id = next++;
            await visits.insertOne({ _id, round, n: _id } as never);
            await visits.updateOne({ _id }, { $set: { half: false } });
            acknowledged.add(_id);
            if (next - round * 1_000_000 > 600) resolve();
          }
        };
        for (let i = 0; i < 16; i++) work().catch(() => undefined);
      });
      await enough;
      server.child.kill('SIGKILL');
      await server.ended;
      await client.close();
    }
    const server = await startServer(folder.path);
    const client = await connect(server.uri);
    const stored = await client.db('clinic').collection<{ _id: number; half?: boolean }>('visits').find().toArray();
    const complete = new Set(stored.filter(({ half }) => half === false).map(({ _id }) => _id));
    expect([...acknowledged].filter((id) => !complete.has(id))).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(1_500);
    expect(await client.db('clinic').collection('visits').estimatedDocumentCount()).toBe(stored.length);
    await client.close();
    server.child.kill();
    expect((await server.ended).code).toBe(0);
    expect(await runProgram(['--dbpath', folder.path, '--check'])).toEqual({
      code: 0,
      output: 'The data are whole.\n',
    });
  });
});

describe('A data folder', () => {
  it('has one process, the second is refused', async () => {
    const store = await startPocketMongo({ dbPath: folder.path });
    const second = await runProgram(['--dbpath', folder.path, '--port', '0']);
    expect(second).toMatchObject({ code: 100 });
    expect(second.output).toMatch(/in use: another process has these data open\n$/);
    await store.stop();
  });

  it('is private, and so is the socket', async () => {
    const dbPath = join(folder.path, 'store');
    const store = await startPocketMongo({ dbPath });
    expect(statSync(dbPath).mode & 0o777).toBe(0o700);
    expect(statSync(join(dbPath, 'store.sock')).mode & 0o777).toBe(0o600);
    await store.stop();
  });

  it('may have a long name', async () => {
    const store = await startPocketMongo({ dbPath: join(folder.path, 'a'.repeat(120)) });
    const client = await connect(store.uri);
    expect(client.db().databaseName).toBe('zabota');
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    await store.stop();
  });

  it('can be opened again right after kill -9 of the process that used it', async () => {
    const start = fileURLToPath(new URL('../src/start.ts', import.meta.url));
    const program = `import { startPocketMongo } from ${JSON.stringify(start)};
      await startPocketMongo({ dbPath: ${JSON.stringify(folder.path)} });
      console.log('up');
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program]);
    await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    const store = await startPocketMongo({ dbPath: folder.path });
    const client = await connect(store.uri);
    expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    await store.stop();
  });

  it('of something else is refused', async () => {
    writeFileSync(join(folder.path, 'pocket.db'), 'These are the minutes of a meeting. '.repeat(400));
    await expect(startPocketMongo({ dbPath: folder.path })).rejects.toThrow('is not a data file of this version');
  });

  it('whose file is cut short or overwritten is refused, or answers with an error that says so', async () => {
    const server = await startServer(folder.path);
    const client = await connect(server.uri);
    await client
      .db('a')
      .collection('b')
      .insertMany(Array.from({ length: 2_000 }, (_, i) => ({ i, text: 'y'.repeat(100) })));
    await client.close();
    server.child.kill();
    await server.ended;
    const file = join(folder.path, 'pocket.db');
    const whole = statSync(file).size;
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(8_192, 0x5a), 0, 8_192, 80_000);
    closeSync(handle);
    expect(await runProgram(['--dbpath', folder.path, '--check'])).toMatchObject({ code: 1 });
    truncateSync(file, whole / 2);
    const opened = await startServer(folder.path).catch((error: unknown) => String(error));
    if (typeof opened === 'string') expect(opened).toMatch(/damaged/);
    else {
      const again = await connect(opened.uri);
      await expect(again.db('a').collection('b').find().toArray()).rejects.toMatchObject({ code: 361 });
      await again.close();
      opened.child.kill();
      await opened.ended;
    }
  });
});

describe('The program', () => {
  it.each([
    [['--replSet', 'rs0'], 2, /replica sets need a mongod/],
    [['--bind_ip', '0.0.0.0'], 2, /listens on this machine only/],
    [['--nonsense'], 2, /unrecognised option '--nonsense'/],
    [['--version'], 0, /^db version v8\.0\.0/],
    [['--help'], 0, /--dbpath/],
  ])('answers %j', async (args, code, says) => {
    const ended = await runProgram(args);
    expect(ended.code).toBe(code);
    expect(ended.output).toMatch(says);
  });
});
