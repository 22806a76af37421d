import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setInternalBufferSize } from 'bson';
import { type Collection, MongoClient } from 'mongodb';
import { connectRaw, message } from './support/raw-client.ts';
import { runProgram, type ServerProcess, startServer, temporaryFolder } from './support/server-process.ts';

interface Item {
  _id: number;
  text: string;
}

let folder: ReturnType<typeof temporaryFolder>;
let server: ServerProcess;
let client: MongoClient;
let items: Collection<Item>;

async function open(limits?: { readonly largestFileKb: number }): Promise<void> {
  server = await startServer(folder.path, [], limits);
  client = await MongoClient.connect(server.uri, { serverSelectionTimeoutMS: 2_000 });
  items = client.db('clinic').collection('items');
}

async function close(): Promise<void> {
  await client.close();
  server.child.kill();
  await server.ended;
}

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await close();
  folder.remove();
});

describe('A write that the disk refuses', () => {
  it('is an error, stops the store until it is started again, and leaves all that was answered', async () => {
    await open({ largestFileKb: 3_000 });
    const answered: number[] = [];
    let refusal: unknown;
    for (let n = 0; refusal === undefined && n < 2_000; n++)
      await items.insertOne({ _id: n, text: 'x'.repeat(3_000) }).then(
        () => answered.push(n),
        (error: unknown) => {
          refusal = error;
        },
      );
    expect(answered.length).toBeGreaterThan(100);
    expect(refusal).toMatchObject({ code: 96 });
    await expect(items.insertOne({ _id: -1, text: '' })).rejects.toThrow('has stopped until it is started again');
    await expect(items.findOne({ _id: 0 })).rejects.toThrow('has stopped until it is started again');
    await close();
    expect(await runProgram(['--dbpath', folder.path, '--check'])).toMatchObject({ code: 0 });
    await open();
    const stored = new Set((await items.find().project<{ _id: number }>({ _id: 1 }).toArray()).map(({ _id }) => _id));
    expect(answered.filter((id) => !stored.has(id))).toEqual([]);
    await items.insertOne({ _id: -1, text: 'goes on' });
  });
});

describe('A client', () => {
  it('may go away in the middle of a message, of many', async () => {
    await open();
    const command = { insert: 'items', documents: [{ _id: 1, text: 'x'.repeat(100_000) }], $db: 'clinic' };
    const bytes = message(command);
    for (let i = 0; i < 40; i++) {
      const raw = await connectRaw(server.socketPath);
      raw.send(bytes.subarray(0, 1 + i * 2_400));
      raw.socket.destroy();
    }
    await items.insertOne({ _id: 2, text: '' });
    expect(await items.countDocuments()).toBe(1);
  });

  it('may go away while it is being answered', async () => {
    await open();
    await items.insertMany(Array.from({ length: 3_000 }, (_, n) => ({ _id: n, text: 'x'.repeat(2_000) })));
    for (let i = 0; i < 10; i++) {
      const raw = await connectRaw(server.socketPath);
      raw.send(message({ find: 'items', batchSize: 3_000, $db: 'clinic' }));
      setTimeout(() => raw.socket.destroy(), i);
      await raw.closed;
    }
    expect(await items.countDocuments()).toBe(3_000);
  });

  it('sends 48 MB in one command, and a document of 16 MB, and no larger one', async () => {
    await open();
    const large = 'x'.repeat(15_900_000);
    await items.insertMany([1, 2, 3].map((_id) => ({ _id, text: large })));
    expect((await items.findOne({ _id: 2 }))?.text).toHaveLength(15_900_000);
    setInternalBufferSize(48_000_000);
    const raw = await connectRaw(server.socketPath);
    raw.send(message({ insert: 'items', documents: [{ _id: 4, text: 'x'.repeat(16_780_000) }], $db: 'clinic' }));
    expect(await raw.reply()).toMatchObject({ n: 0, writeErrors: [{ code: 2 }] });
    raw.send(message({ insert: 'items', documents: [{ _id: 5, text: 'x'.repeat(47_000_000) }], $db: 'clinic' }));
    expect(await raw.reply()).toMatchObject({ n: 0, writeErrors: [{ code: 10_334 }] });
    raw.socket.destroy();
    expect(await items.countDocuments()).toBe(3);
  });
});

describe('A thousand connections', () => {
  it('are all answered', async () => {
    await open();
    const many = await Promise.all(Array.from({ length: 1_000 }, () => connectRaw(server.socketPath)));
    for (const [n, raw] of many.entries())
      raw.send(message({ insert: 'items', documents: [{ _id: n, text: '' }], $db: 'clinic' }));
    for (const raw of many) expect(await raw.reply()).toMatchObject({ n: 1, ok: 1 });
    for (const raw of many) raw.socket.destroy();
    expect(await items.countDocuments()).toBe(1_000);
  });
});
