import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Spool } from '../../src/bots/inbound/spool.ts';
import { AppError } from '../../src/core/errors.ts';
import type { InboundMessage, Receive } from '../../src/core/inbound.ts';
import { fakeClock } from '../support/fake-clock.ts';
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
    const crashed = setUp(async () => undefined, shaky(away), await withSpool(folder, 'a'));
    await crashed.room.received(said('m1', 'да, приду'));
    const seen: InboundMessage[] = [];
    const next = setUp(
      async (message) => {
        seen.push(message);
      },
      stores.inbound,
      await withSpool(folder, 'b'),
    );
    await next.room.drainSpool();
    await next.room.allIdle();
    expect(seen).toMatchObject([{ id: 'm1', at: new Date(START), body: { kind: 'text', text: 'да, приду' } }]);
    expect(await readdir(folder)).toEqual([]);
  });

  const idsIn = async (spool: Spool): Promise<readonly string[]> => {
    const ids: string[] = [];
    await spool.drain(async ({ id }) => {
      ids.push(id);
    });
    return ids;
  };

  it('is left alone by another service that shares the folder', async () => {
    const folder = await newFolder();
    const living = await withSpool(folder, 'a');
    await living.put(said('m1'));
    const other = await withSpool(folder, 'b', { meanwhile: () => living.beat() });
    await living.beat();
    await other.tend();
    expect([other.isEmpty(), await idsIn(living)]).toEqual([true, ['m1']]);
  });

  it('shares no file with those of another service, though both are process 1 of their containers', async () => {
    const folder = await newFolder();
    const [one, other] = [await withSpool(folder, 'a'), await withSpool(folder, 'b')];
    await one.put(said('m1'));
    await other.put(said('m2'));
    expect([await idsIn(one), await idsIn(other), await readdir(folder)]).toEqual([['m1'], ['m2'], []]);
  });

  it('of a service that is no more waits while the disk takes nothing, and hinders no start', async () => {
    const folder = await newFolder();
    await (await withSpool(folder, 'a')).put(said('m1'));
    // Where b would write: no process may append to a folder, not even root's.
    await mkdir(join(folder, 'inbound-b-1.ndjson'));
    const spool = await withSpool(folder, 'b');
    await rmdir(join(folder, 'inbound-b-1.ndjson'));
    await spool.tend();
    expect([await idsIn(spool), await readdir(folder)]).toEqual([['m1'], []]);
  });

  it('is taken over once from a service that is no more, though two start at once', async () => {
    const folder = await newFolder();
    await (await withSpool(folder, 'a')).put(said('m1'));
    const [one, other] = await Promise.all([withSpool(folder, 'b'), withSpool(folder, 'c')]);
    expect([...(await idsIn(one)), ...(await idsIn(other)), ...(await readdir(folder))]).toEqual(['m1']);
  });

  it('is taken over by a service that runs on, too, from one that shared its folder', async () => {
    const folder = await newFolder();
    const running = await withSpool(folder, 'a');
    await (await withSpool(folder, 'b')).put(said('m1'));
    await running.tend();
    expect(running.isEmpty()).toBe(true);
    await running.tend();
    expect(await idsIn(running)).toEqual(['m1']);
  });

  it('is lost to no service that slept until another took its messages over', async () => {
    const folder = await newFolder();
    const asleep = await withSpool(folder, 'a');
    await asleep.put(said('m1'));
    const away = asleep.drain(async () => {
      throw new AppError('notReady', 'The database does not answer.');
    });
    await expect(away).rejects.toThrow('does not answer');
    const other = await withSpool(folder, 'b');
    await asleep.beat();
    await asleep.put(said('m2'));
    expect([await idsIn(other), await idsIn(asleep), await readdir(folder)]).toEqual([['m1'], ['m2'], []]);
  });

  it('is lost to no neighbour that was cut short on the disk', async () => {
    const folder = await newFolder();
    await (await withSpool(folder, 'a')).put(said('m1'));
    await appendFile(join(folder, 'inbound-a-1.ndjson'), '\n{"id":"m2","fr');
    const spool = await withSpool(folder, 'b');
    await spool.put(said('m3'));
    const seen: string[] = [];
    await spool.drain(async ({ id }) => {
      seen.push(id);
    });
    expect(seen).toEqual(['m1', 'm3']);
  });

  it('is lost to no neighbour that a full disk cut short while the service ran', async () => {
    const folder = await newFolder();
    const spool = await withSpool(folder, 'a');
    await spool.put(said('m1'));
    await appendFile(join(folder, 'inbound-a-1.ndjson'), '\n{"id":"m2","fr');
    await spool.put(said('m3'));
    const seen: string[] = [];
    await spool.drain(async ({ id }) => {
      seen.push(id);
    });
    expect([seen, spool.isEmpty(), await readdir(folder)]).toEqual([['m1', 'm3'], true, []]);
  });

  it('is lost to no half a letter before it when the database goes away again', async () => {
    const folder = await newFolder();
    await appendFile(join(folder, 'inbound-a-1.ndjson'), Buffer.from('\n{"text":"да').subarray(0, -1));
    const spool = await withSpool(folder, 'b');
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
    await (await withSpool(folder, 'a')).put(said('m1'));
    const modes = [await stat(folder), await stat(join(folder, 'inbound-a-1.ndjson'))].map(({ mode }) => mode & 0o777);
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

  it('that was put aside is there for thirty days, and no longer than its patient', async () => {
    const folder = await newFolder();
    const clock = fakeClock(START);
    const spool = await withSpool(folder, 'a', { clock });
    const { room } = setUp(async () => undefined, stores.inbound, spool);
    await spool.putAside(said('bad', 'words', '700'));
    await spool.putAside(said('worse', 'words', '701'));
    await spool.putAside({ ...said('later', 'words', '702'), at: new Date('2026-03-03T09:00:00Z') });
    const kept = async (): Promise<readonly string[]> =>
      (await readFile(join(folder, 'refused.ndjson'), 'utf8')).match(/(?<="id":")\w+/g) ?? [];
    await room.forgetChats([{ channel: 'telegram', address: '700' }]);
    expect(await kept()).toEqual(['worse', 'later']);
    clock.set('2026-04-01T09:00:00Z');
    await room.tendSpool();
    expect(await kept()).toEqual(['later']);
    clock.set('2026-04-02T09:00:01Z');
    await room.tendSpool();
    expect(await readdir(folder)).toEqual([]);
  });

  it('that was put aside goes with its chat, and no other does, though two are erased in the moment of the daily look', async () => {
    const folder = await newFolder();
    const spool = await withSpool(folder);
    for (const address of ['700', '701', '702']) await spool.putAside(said(`from${address}`, 'words', address));
    const erasures = ['700', '701'].map((address) => spool.forget([{ channel: 'telegram', address }]));
    await Promise.all([...erasures, spool.tend(), spool.putAside(said('new', 'words', '703'))]);
    expect(await readdir(folder)).toEqual(['refused.ndjson']);
    const kept = (await readFile(join(folder, 'refused.ndjson'), 'utf8')).match(/(?<="id":")\w+/g);
    expect(kept).toEqual(['from702', 'new']);
  });

  it('is refused, and the way stays open for the next, when somebody has taken the folder away', async () => {
    const folder = await newFolder();
    const spool = await withSpool(folder);
    await spool.put(said('m1'));
    await rm(folder, { recursive: true });
    await expect(spool.put(said('m2'))).rejects.toThrow('ENOENT');
    await mkdir(folder);
    await spool.put(said('m3'));
    expect(await idsIn(spool)).toEqual(['m3']);
  });

  it('that waits is stored and handled before its chat is erased, and nothing is erased while the database is away', async () => {
    const away = { now: true };
    const seen: string[] = [];
    const spool = await withSpool(await newFolder());
    const handle: Receive = async ({ id }) => void seen.push(id);
    const { room } = setUp(handle, shaky(away), spool);
    await room.received(said('m1'));
    const chats = [said('m1').from];
    await expect(room.forgetChats(chats)).rejects.toThrow('does not answer');
    away.now = false;
    await room.forgetChats(chats);
    expect([seen, spool.isEmpty()]).toEqual([['m1'], true]);
  });
});
