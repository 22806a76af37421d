import { readFileSync } from 'node:fs';
import { setImmediate as immediately } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serialize } from 'bson';
import { connectRaw, message } from './support/raw-client.ts';
import { type ServerProcess, startServer, temporaryFolder } from './support/server-process.ts';

const folder = temporaryFolder();
let server: ServerProcess;

beforeAll(async () => {
  server = await startServer(folder.path);
});
afterAll(async () => {
  server.child.kill();
  expect((await server.ended).code).toBe(0);
  folder.remove();
});

const ping = { ping: 1, $db: 'admin' };

describe('The wire', () => {
  it('puts a message together that comes byte by byte', async () => {
    const client = await connectRaw(server.socketPath);
    for (const byte of message(ping)) {
      client.send(Buffer.from([byte]));
      await immediately();
    }
    expect(await client.reply()).toEqual({ ok: 1 });
    client.socket.destroy();
  });

  it('answers several messages of one packet in their order', async () => {
    const client = await connectRaw(server.socketPath);
    client.send(Buffer.concat([message({ ...ping, ping: 1 }), message({ nonsense: 1, $db: 'admin' }), message(ping)]));
    expect(await client.reply()).toEqual({ ok: 1 });
    expect(await client.reply()).toMatchObject({ ok: 0, code: 59, errmsg: "no such command: 'nonsense'" });
    expect(await client.reply()).toEqual({ ok: 1 });
    client.socket.destroy();
  });

  it.each([
    ['a negative length', message(ping, { length: -5 })],
    ['a length below the header', message(ping, { length: 15 })],
    ['a length above 48 MB', message(ping, { length: 48_000_001 })],
    ['an unknown operation', message(ping, { operation: 2011 })],
    ['an unknown required flag', message(ping, { flags: 8 })],
    ['a body that is longer than its message', message(ping, { length: message(ping).length - 3 })],
  ])('closes the connection with %s, and only that one', async (_, bytes) => {
    const other = await connectRaw(server.socketPath);
    const client = await connectRaw(server.socketPath);
    client.send(bytes);
    await client.closed;
    other.send(message(ping));
    expect(await other.reply()).toEqual({ ok: 1 });
    other.socket.destroy();
  });

  it('says that a body is no BSON and goes on', async () => {
    const client = await connectRaw(server.socketPath);
    const bytes = message(ping);
    bytes[25] = 0x7c;
    client.send(bytes);
    expect(await client.reply()).toMatchObject({ ok: 0, code: 22 });
    client.send(message(ping));
    expect(await client.reply()).toEqual({ ok: 1 });
    client.socket.destroy();
  });

  it('does not answer an unacknowledged write, and does it', async () => {
    const client = await connectRaw(server.socketPath);
    client.send(
      message({ insert: 'quiet', documents: [{ _id: 1 }], writeConcern: { w: 0 }, $db: 'wire' }, { flags: 2 }),
    );
    client.send(message({ count: 'quiet', $db: 'wire' }));
    expect(await client.reply()).toEqual({ n: 1, ok: 1 });
    client.socket.destroy();
  });

  it('takes a message with a checksum', async () => {
    const client = await connectRaw(server.socketPath);
    client.send(message(ping, { flags: 1 }));
    expect(await client.reply()).toEqual({ ok: 1 });
    client.socket.destroy();
  });

  it('answers the old handshake as a server that stands alone', async () => {
    const client = await connectRaw(server.socketPath);
    const body = serialize({ isMaster: 1, helloOk: true, client: { driver: { name: 'x', version: '1' } } });
    const head = Buffer.alloc(20);
    const name = Buffer.from('admin.$cmd\0');
    const numbers = Buffer.alloc(8);
    head.writeInt32LE(20 + name.length + numbers.length + body.length, 0);
    head.writeInt32LE(2004, 12);
    client.send(Buffer.concat([head, name, numbers, body]));
    const reply = await client.reply();
    expect(reply).toMatchObject({ ok: 1, ismaster: true, helloOk: true, maxWireVersion: 25 });
    expect(reply).not.toHaveProperty('setName');
    expect(reply).not.toHaveProperty('topologyVersion');
    client.socket.destroy();
  });

  it('does not read on from a client that does not read its answers', async () => {
    const slow = await connectRaw(server.socketPath);
    const other = await connectRaw(server.socketPath);
    other.send(message({ insert: 'large', documents: [{ _id: 1, text: 'x'.repeat(8_000_000) }], $db: 'wire' }));
    expect(await other.reply()).toMatchObject({ n: 1 });
    slow.socket.pause();
    for (let i = 0; i < 30; i++) slow.send(message({ find: 'large', $db: 'wire' }));
    for (let i = 0; i < 50; i++) {
      other.send(message({ serverStatus: 1, $db: 'admin' }));
      await other.reply();
    }
    const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(server.child.pid)}/status`, 'utf8'))?.[1];
    expect(Number(resident)).toBeLessThan(250_000);
    slow.socket.resume();
    for (let i = 0; i < 30; i++) expect(await slow.reply()).toMatchObject({ ok: 1 });
    slow.socket.destroy();
    other.socket.destroy();
  });
});
