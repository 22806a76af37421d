import { appendFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSpool, type Spool } from '../../src/bots/inbound/spool.ts';
import { createInbound } from '../../src/bots/inbound.ts';
import { AppError } from '../../src/core/errors.ts';
import type { InboundMessage, Receive } from '../../src/core/inbound.ts';
import { countedMetrics } from '../support/counted-metrics.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { gate } from '../support/gate.ts';
import { quietLog } from '../support/quiet-log.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

beforeEach(() => stores.simulator.reset());

const START = '2026-03-02T09:00:00Z';
const said = (id: string, text = id, address = '700'): InboundMessage => ({
  id,
  from: { channel: 'telegram', address },
  at: new Date(START),
  body: { kind: 'text', text },
});

async function withSpool(folder: string, pid = 1, running: readonly number[] = []): Promise<Spool> {
  return createSpool({ folder, pid, isRunning: (other) => running.includes(other), log: quietLog() });
}

function setUp(handle: Receive, inbound = stores.inbound, spool: Spool | null = null) {
  const log = quietLog();
  const metrics = countedMetrics();
  const paused: number[] = [];
  const room = createInbound({
    inbound,
    spool,
    handle,
    clock: fakeClock(START),
    pause: async (ms) => {
      paused.push(ms);
    },
    log,
    metrics,
  });
  return { room, inbound, log, metrics, paused };
}

describe('A received message', () => {
  it('is durable when received resolves, and handled after that', async () => {
    const handled = gate();
    const { room, inbound } = setUp(() => handled.opened);
    await room.received(said('m1'));
    expect(await inbound.unhandled()).toMatchObject([{ id: 'm1', handledAt: null }]);
    handled.open();
    await room.idle({ channel: 'telegram', address: '700' });
    expect(await inbound.unhandled()).toEqual([]);
  });

  it('takes effect once however often it comes', async () => {
    const seen: string[] = [];
    const { room, metrics } = setUp(async ({ id }) => {
      seen.push(id);
    });
    await Promise.all(Array.from({ length: 10 }, () => room.received(said('m1'))));
    await room.allIdle();
    await room.received(said('m1'));
    await room.allIdle();
    expect(seen).toEqual(['m1']);
    expect(metrics.counted).toEqual(['received telegram text']);
  });

  it('is cleaned before it is stored', async () => {
    const { room, inbound } = setUp(async () => undefined);
    await room.received(said('m1', 'ye\u0000s'));
    const [stored] = await inbound.ofChat({ channel: 'telegram', address: '700' }, { limit: 1 });
    expect(stored?.body).toEqual({ kind: 'text', text: 'yes' });
  });

  it('is refused to the platform, to be brought again, when it cannot be stored', async () => {
    const store = async (): Promise<boolean> => {
      throw new Error('no store');
    };
    const { room } = setUp(async () => undefined, { ...stores.inbound, store });
    await expect(room.received(said('m1'))).rejects.toThrow('no store');
  });
});

describe('The chat', () => {
  it('is ordered: one message after the other, in the order they were received', async () => {
    const first = gate();
    const seen: string[] = [];
    const { room } = setUp(async ({ id }) => {
      if (id === 'm1') await first.opened;
      seen.push(id);
    });
    await Promise.all([room.received(said('m1')), room.received(said('m2')), room.received(said('m3'))]);
    first.open();
    await room.allIdle();
    expect(seen).toEqual(['m1', 'm2', 'm3']);
  });

  it('keeps its order while the store answers out of order', async () => {
    const inbound = stores.inbound;
    const slow = gate();
    const seen: string[] = [];
    const store = async (message: InboundMessage): Promise<boolean> => {
      if (message.id === 'm1') await slow.opened;
      return inbound.store(message);
    };
    const { room } = setUp(
      async ({ id }) => {
        seen.push(id);
      },
      { ...inbound, store },
    );
    const both = [room.received(said('m1')), room.received(said('m2'))];
    slow.open();
    await Promise.all(both);
    await room.allIdle();
    expect(seen).toEqual(['m1', 'm2']);
  });

  it('does not wait for another chat', async () => {
    const slow = gate();
    const quick = gate();
    const { room } = setUp(async ({ from }) => {
      if (from.address === '700') await slow.opened;
      else quick.open();
    });
    await room.received(said('m1'));
    await room.received(said('m2', 'hello', '800'));
    await quick.opened;
    await room.idle({ channel: 'telegram', address: '800' });
    slow.open();
    await room.allIdle();
  });
});

describe('A message whose handling fails', () => {
  it('is tried three times, given up in the log, and left for the next start', async () => {
    const { room, inbound, log, paused } = setUp(async () => {
      throw new Error('bad');
    });
    await room.received(said('m1', 'private words'));
    await room.allIdle();
    expect(log.lines.map(({ event }) => event)).toEqual(['inbound.failed', 'inbound.failed', 'inbound.givenUp']);
    expect(JSON.stringify(log.lines)).not.toContain('private');
    expect(paused).toEqual([200, 1000]);
    expect(await inbound.unhandled()).toMatchObject([{ id: 'm1', tries: 3 }]);
  });

  it('does not poison the next one of its chat', async () => {
    const seen: string[] = [];
    const { room } = setUp(async ({ id }) => {
      if (id === 'm1') throw new Error('bad');
      seen.push(id);
    });
    await room.received(said('m1'));
    await room.received(said('m2'));
    await room.allIdle();
    expect(seen).toEqual(['m2']);
  });

  it('is handled when a later try succeeds', async () => {
    let tries = 0;
    const { room, inbound } = setUp(async () => {
      tries += 1;
      if (tries < 3) throw new Error('not yet');
    });
    await room.received(said('m1'));
    await room.allIdle();
    expect(await inbound.unhandled()).toEqual([]);
  });
});

describe('A start', () => {
  it('goes on with what was stored and not handled, before newer messages of the chat', async () => {
    const inbound = stores.inbound;
    await inbound.store(said('m1'));
    await inbound.store(said('m2'));
    await inbound.markHandled(said('m1'), new Date(START));
    const seen: string[] = [];
    const { room } = setUp(async ({ id }) => {
      seen.push(id);
    }, inbound);
    await room.recover();
    await room.received(said('m3'));
    await room.allIdle();
    expect(seen).toEqual(['m2', 'm3']);
    expect(await inbound.unhandled()).toEqual([]);
  });
});

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
