import { appendFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/core/errors.ts';
import type { InboundMessage, Receive } from '../../src/core/inbound.ts';
import { inboundRoom, START, said, withSpool } from '../support/inbound-room.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

beforeEach(() => stores.simulator.reset());

const setUp = (handle: Receive, inbound = stores.inbound, spool: Parameters<typeof inboundRoom>[2] = null) =>
  inboundRoom(handle, inbound, spool);

describe('While the database is away, a message', () => {
  const folders: string[] = [];
  const newFolder = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'zabota-spool-'));
    folders.push(folder);
    return folder;
  };
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true });
  });

  /** A store that is away while `away.now` is true. */
  const shaky = (away: { now: boolean }): typeof stores.inbound => ({
    ...stores.inbound,
    store: async (message) => {
      if (away.now) throw new AppError('notReady', 'The database does not answer.');
      return stores.inbound.store(message);
    },
  });

  it('is kept on disk, and handled in its order when the database is back', async () => {
    const away = { now: true };
    const seen: string[] = [];
    const spool = await withSpool(await newFolder());
    const { room } = setUp(
      async ({ id }) => {
        seen.push(id);
      },
      shaky(away),
      spool,
    );
    await room.received(said('m1'));
    await room.received(said('m2'));
    await room.drainSpool();
    expect([seen, spool.isEmpty()]).toEqual([[], false]);
    away.now = false;
    await room.received(said('m3'));
    await room.drainSpool();
    await room.allIdle();
    expect([seen, spool.isEmpty()]).toEqual([['m1', 'm2', 'm3'], true]);
  });

  it('is handled although only the answer to its storing was lost', async () => {
    const seen: string[] = [];
    const spool = await withSpool(await newFolder());
    let lost = 1;
    const { room } = setUp(
      async ({ id }) => {
        seen.push(id);
      },
      {
        ...stores.inbound,
        store: async (message) => {
          const isNew = await stores.inbound.store(message);
          lost -= 1;
          if (lost >= 0) throw new AppError('notReady', 'The database does not answer.');
          return isNew;
        },
      },
      spool,
    );
    await room.received(said('m1'));
    await room.drainSpool();
    await room.received(said('m1'));
    await room.allIdle();
    expect(seen).toEqual(['m1']);
  });

  it('is there after a crash of the process, whichever process comes next', async () => {
    const folder = await newFolder();
    const away = { now: true };
    const crashed = setUp(async () => undefined, shaky(away), await withSpool(folder, 11));
    await crashed.room.received(said('m1', 'да, приду'));
    const seen: InboundMessage[] = [];
    const next = setUp(
      async (message) => {
        seen.push(message);
      },
      stores.inbound,
      await withSpool(folder, 12),
    );
    await next.room.drainSpool();
    await next.room.allIdle();
    expect(seen).toMatchObject([{ id: 'm1', at: new Date(START), body: { kind: 'text', text: 'да, приду' } }]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is left alone by another service that shares the folder', async () => {
    const folder = await newFolder();
    await (await withSpool(folder, 11)).put(said('m1'));
    expect((await withSpool(folder, 12, [11])).isEmpty()).toBe(true);
    expect((await withSpool(folder, 11)).isEmpty()).toBe(false);
  });

  it('is lost to no neighbour that was cut short on the disk', async () => {
    const folder = await newFolder();
    await (await withSpool(folder, 11)).put(said('m1'));
    await appendFile(join(folder, 'inbound-11.ndjson'), '\n{"id":"m2","fr');
    const spool = await withSpool(folder, 11);
    await spool.put(said('m3'));
    const seen: string[] = [];
    await spool.drain(async ({ id }) => {
      seen.push(id);
    });
    expect(seen).toEqual(['m1', 'm3']);
  });

  it('is lost to no neighbour that a full disk cut short while the service ran', async () => {
    const folder = await newFolder();
    const spool = await withSpool(folder, 11);
    await spool.put(said('m1'));
    await appendFile(join(folder, 'inbound-11.ndjson'), '\n{"id":"m2","fr');
    await spool.put(said('m3'));
    const seen: string[] = [];
    await spool.drain(async ({ id }) => {
      seen.push(id);
    });
    expect([seen, spool.isEmpty(), await readdir(folder)]).toEqual([['m1', 'm3'], true, []]);
  });

  it('is lost to no half a letter before it when the database goes away again', async () => {
    const folder = await newFolder();
    await appendFile(join(folder, 'inbound-11.ndjson'), Buffer.from('\n{"text":"да').subarray(0, -1));
    const spool = await withSpool(folder, 11);
    await spool.put(said('m1'));
    const away = spool.drain(async () => {
      throw new AppError('notReady', 'The database does not answer.');
    });
    await expect(away).rejects.toThrow('does not answer');
    const seen: string[] = [];
    await spool.drain(async ({ id }) => {
      seen.push(id);
    });
    expect(seen).toEqual(['m1']);
  });

  it('is readable by nobody else on the machine', async () => {
    const folder = join(await newFolder(), 'spool');
    await (await withSpool(folder, 11)).put(said('m1'));
    const modes = [await stat(folder), await stat(join(folder, 'inbound-11.ndjson'))].map(({ mode }) => mode & 0o777);
    expect(modes).toEqual([0o700, 0o600]);
  });

  it('that is being handled waits, and its try is not counted', async () => {
    let left = 5;
    const { room, inbound, log } = setUp(async () => {
      left -= 1;
      if (left > 0) throw new AppError('notReady', 'The database does not answer.');
    });
    await room.received(said('m1'));
    await room.allIdle();
    expect(await inbound.unhandled()).toEqual([]);
    expect(log.lines.map(({ event }) => event)).toEqual(Array.from({ length: 4 }, () => 'inbound.waiting'));
  });

  it('that the store refuses for good is put aside and holds nobody up', async () => {
    const folder = await newFolder();
    const spool = await withSpool(folder);
    await spool.put(said('bad'));
    await spool.put(said('m2'));
    const store: typeof stores.inbound.store = async (message) => {
      if (message.id === 'bad') throw new Error('does not fit');
      return stores.inbound.store(message);
    };
    const seen: string[] = [];
    const { room } = setUp(
      async ({ id }) => {
        seen.push(id);
      },
      { ...stores.inbound, store },
      spool,
    );
    await room.drainSpool();
    await room.allIdle();
    expect(seen).toEqual(['m2']);
    expect(await readFile(join(folder, 'refused.ndjson'), 'utf8')).toContain('"id":"bad"');
  });
});
