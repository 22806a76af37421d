import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { checkStore } from '../src/server/check-store.ts';
import { openStore, type StoreOptions } from '../src/server/open-store.ts';
import { PocketServer } from '../src/server/pocket-server.ts';
import type { Store } from '../src/storage/store.ts';
import { Chance } from './support/chance.ts';
import { runProgram, temporaryFolder } from './support/server-process.ts';
import { addVisits, COUNT, fillStore, KINDS, PAGE, pagesOf } from './support/small-store.ts';

/** As SQLite's file format has them: the log's header and those of its frames. */
const LOG_HEADER = 32;
const FRAME = 24 + PAGE;
const FLIPS = 10;
const FILES = ['pocket.db', 'pocket.db-wal', 'pocket.db-sums'] as const;
type Files = Readonly<Partial<Record<(typeof FILES)[number], Buffer>>>;

const folder = temporaryFolder();
let data = folder.path;
let folders = 0;
const said: string[] = [];
/** What a store leaves that ended well. */
let closed: Files;
/** What a store leaves that was killed: before its log was moved, between the checksums and the move, and after it. */
let before: Files;
let between: Files;
let after: Files;

const filesOf = (path: string): Files =>
  Object.fromEntries(
    FILES.filter((name) => existsSync(join(path, name))).map((name) => [name, readFileSync(join(path, name))]),
  );

/** Puts a store's files in a folder of their own: one process opens a file once (the package for Node 20). */
function put(files: Files): void {
  data = join(folder.path, String(++folders));
  mkdirSync(data);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(data, name), bytes);
}

function flipped(bytes: Buffer | undefined, at: number, bit = 0): Buffer {
  const other = Buffer.from(bytes ?? []);
  other[at] = (other[at] ?? 0) ^ (1 << bit);
  return other;
}

async function open(files: Files, options: StoreOptions = {}): Promise<Store> {
  put(files);
  return openStore(data, 0, { log: (text) => said.push(text), ...options });
}

/** Opens what lies there, complains about anything that is not as it was written, and closes. */
async function expectWhole(files: Files, count: number): Promise<void> {
  const store = await open(files);
  expect(store.catalog.get('clinic.visits')?.count).toBe(count);
  expect([...checkStore(store)]).toEqual([]);
  store.kv.close();
}

beforeAll(async () => {
  const path = join(folder.path, 'made');
  const store = await openStore(path, 0);
  fillStore(store);
  store.kv.checkpoint();
  await store.kv.settle();
  addVisits(store, COUNT, COUNT + 50);
  addVisits(store, COUNT + 50, COUNT + 100);
  before = filesOf(path);
  store.kv.pages?.beforeMove();
  between = filesOf(path);
  store.kv.checkpoint();
  after = filesOf(path);
  await store.kv.settle();
  // Pages that documents have left.
  store.kv.begin();
  store.catalog.get('clinic.visits')?.remove({ number: 6, doc: { _id: 5, name: 'name-5', group: 5 } });
  store.catalog.flush();
  store.kv.commit();
  addVisits(store, 5, 6);
  store.kv.close();
  closed = filesOf(path);
});
beforeEach(() => {
  said.length = 0;
});
afterAll(() => folder.remove());

describe('A flipped bit', () => {
  const kinds = { ...KINDS, 'overflow or free': 0 };

  it.each(Object.entries(kinds))('in a page of the kind %s is refused, with the page’s number', async (_, kind) => {
    const bytes = closed['pocket.db'] ?? Buffer.alloc(0);
    const chance = new Chance(kind);
    for (let i = 0; i < FLIPS; i++) {
      const page = chance.of(pagesOf(bytes, kind));
      const turned = flipped(bytes, page * PAGE + chance.below(PAGE), chance.below(8));
      await expect(open({ ...closed, 'pocket.db': turned })).rejects.toThrow(
        `page ${String(page + 1)} (at byte ${String(page * PAGE)}) of ${join(data, 'pocket.db')} is damaged`,
      );
    }
  });

  it('anywhere in the first page is refused', async () => {
    const chance = new Chance(1);
    for (let i = 0; i < FLIPS; i++) {
      const turned = flipped(closed['pocket.db'], chance.below(PAGE), chance.below(8));
      await expect(open({ ...closed, 'pocket.db': turned })).rejects.toThrow(
        /page 1 .* is damaged|not a data file|damaged/,
      );
    }
  });

  it('is named by the check, with what else is damaged', async () => {
    const page = pagesOf(closed['pocket.db'] ?? Buffer.alloc(0), KINDS['leaf table'])[3] ?? 0;
    const text = closed['pocket.db']?.indexOf('xxxxxxxxxx', page * PAGE) ?? 0;
    put({ ...closed, 'pocket.db': flipped(closed['pocket.db'], text) });
    const checked = await runProgram(['--dbpath', data, '--check']);
    expect(checked.code).toBe(1);
    expect(checked.output).toMatch(new RegExp(`^page ${String(page + 1)} \\(at byte`));
    expect(checked.output).toMatch(/clinic\.visits: the document with _id .* is damaged \(checksum\)/);
  });

  it('of a leaf of documents in a large file stops the running store as soon as it is seen', async () => {
    const page = pagesOf(closed['pocket.db'] ?? Buffer.alloc(0), KINDS['leaf table'])[0] ?? 0;
    const store = await open(
      { ...closed, 'pocket.db': flipped(closed['pocket.db'], page * PAGE + 9) },
      { smallBytes: 0 },
    );
    const socketPath = join(data, 's.sock');
    let stopped: (text: string) => void = () => undefined;
    const told = new Promise<string>((resolve) => {
      stopped = resolve;
    });
    const server = new PocketServer({ store, addresses: [{ socketPath }], ttlIntervalMs: 60_000, log: stopped });
    await server.listen();
    expect(await told).toContain(`page ${String(page + 1)} (at byte ${String(page * PAGE)})`);
    const client = await MongoClient.connect(`mongodb://${encodeURIComponent(socketPath)}/?directConnection=true`);
    await expect(client.db('clinic').collection('visits').findOne()).rejects.toThrow(`page ${String(page + 1)}`);
    await client.close();
    await server.close();
  });

  it.each(['interior table', 'interior index', 'leaf index'] as const)(
    'in any page of the kind %s in a large file is refused at once',
    async (kind) => {
      for (const page of pagesOf(closed['pocket.db'] ?? Buffer.alloc(0), KINDS[kind])) {
        const turned = { ...closed, 'pocket.db': flipped(closed['pocket.db'], page * PAGE + PAGE - 3) };
        await expect(open(turned, { smallBytes: 0 })).rejects.toThrow(`page ${String(page + 1)} `);
      }
    },
  );

  it('in a page that the log has anew does no harm', async () => {
    const log = before['pocket.db-wal'] ?? Buffer.alloc(0);
    const page = log.readUInt32BE(LOG_HEADER) - 1;
    await expectWhole({ ...before, 'pocket.db': flipped(before['pocket.db'], page * PAGE + 100) }, COUNT + 100);
  });

  it('in the log is refused, wherever it is', async () => {
    const log = before['pocket.db-wal'] ?? Buffer.alloc(0);
    const chance = new Chance(2);
    // The log's first frames are those of the filling, which the two later commits have begun to overwrite.
    const salt = log.subarray(16, 24);
    let frames = 0;
    while (
      log
        .subarray(LOG_HEADER + frames * FRAME + 8)
        .subarray(0, 8)
        .equals(salt)
    )
      frames++;
    for (let i = 0; i < FLIPS; i++) {
      const at = chance.below(LOG_HEADER + frames * FRAME);
      await expect(open({ ...before, 'pocket.db-wal': flipped(log, at, chance.below(8)) })).rejects.toThrow(
        `${join(data, 'pocket.db-wal')} is damaged`,
      );
      expect(existsSync(join(data, 'pocket.db-wal'))).toBe(true);
    }
  });

  it('in a checksum of a page is told and mended', async () => {
    const page = 7;
    await expectWhole({ ...closed, 'pocket.db-sums': flipped(closed['pocket.db-sums'], page * 8 + 2) }, COUNT + 100);
    expect(said).toEqual([
      `the checksum of page ${String(page)} in ${join(data, 'pocket.db-sums')} was damaged; it is made anew`,
    ]);
    expect(readFileSync(join(data, 'pocket.db-sums')).equals(closed['pocket.db-sums'] ?? Buffer.alloc(0))).toBe(true);
  });

  it('in the head of the checksums has everything read once, then they are made anew', async () => {
    await expectWhole({ ...closed, 'pocket.db-sums': flipped(closed['pocket.db-sums'], 1) }, COUNT + 100);
    expect(said).toHaveLength(1);
    expect(readFileSync(join(data, 'pocket.db-sums')).equals(closed['pocket.db-sums'] ?? Buffer.alloc(0))).toBe(true);
  });
});

describe('A store that was killed', () => {
  it.each([
    ['before its log was moved', () => before],
    ['between the checksums and the move', () => between],
    ['after the move', () => after],
    [
      'after the move, with checksums that never reached the disk',
      () => ({ ...after, 'pocket.db-sums': before['pocket.db-sums'] }),
    ],
    [
      'before the move, with new checksums and half of the pages moved',
      () => {
        const [old, moved] = [before['pocket.db'] ?? Buffer.alloc(0), after['pocket.db'] ?? Buffer.alloc(0)];
        const half = Math.floor(moved.length / PAGE / 2) * PAGE;
        return { ...between, 'pocket.db': Buffer.concat([moved.subarray(0, half), old.subarray(half)]) };
      },
    ],
  ] as const)('%s opens and has everything', async (_, files) => {
    await expectWhole(files() as Files, COUNT + 100);
    expect(said).toEqual([]);
    // And once more, after it has ended well.
    await expectWhole(filesOf(data), COUNT + 100);
    expect(said).toEqual([]);
  });

  it('while it closed, with checksums that could not be written, has everything read once', async () => {
    const files = { 'pocket.db': closed['pocket.db'], 'pocket.db-sums': before['pocket.db-sums'] };
    await expectWhole(files as Files, COUNT + 100);
    expect(said).toEqual([
      `the checksums in ${join(data, 'pocket.db-sums')} were unusable; the data are whole, they are made anew`,
    ]);
  });
});

describe('A log whose data file is missing', () => {
  it('is left as it is, and no new store begun', async () => {
    const { 'pocket.db-wal': log } = before;
    await expect(open({ 'pocket.db-wal': log } as Files)).rejects.toThrow(
      /the file is missing, though its log is there/,
    );
    expect(readFileSync(join(data, 'pocket.db-wal')).equals(log ?? Buffer.alloc(0))).toBe(true);
    expect(existsSync(join(data, 'pocket.db'))).toBe(false);
  });
});

describe('Checksums of pages', () => {
  it('are made for a store that has none', async () => {
    await expectWhole({ 'pocket.db': closed['pocket.db'] } as Files, COUNT + 100);
    expect(said).toEqual([`${join(data, 'pocket.db')} has no checksums of its pages yet: they are made now`]);
    expect(readFileSync(join(data, 'pocket.db-sums')).equals(closed['pocket.db-sums'] ?? Buffer.alloc(0))).toBe(true);
  });

  it('are made beside others’ work where the file is large', async () => {
    const store = await open({ 'pocket.db': closed['pocket.db'] } as Files, { smallBytes: 0 });
    addVisits(store, 9_000, 9_100);
    store.kv.checkpoint();
    await store.kv.settle();
    while (await store.kv.pages?.lookOn());
    addVisits(store, 9_100, 9_200);
    store.kv.close();
    await expectWhole(filesOf(data), COUNT + 300);
    expect(said).toHaveLength(1);
  });

  it('that lie there for a file of before are refused with word of what to do', async () => {
    const store = await open(closed);
    addVisits(store, 9_000, 9_100);
    store.kv.close();
    const old = { ...filesOf(data), 'pocket.db-sums': closed['pocket.db-sums'] };
    await expect(open(old as Files)).rejects.toThrow(
      /put there from elsewhere, take .*pocket\.db-sums away, and .*pocket\.db-wal unless/,
    );
  });
});
