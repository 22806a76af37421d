import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '../src/server/open-store.ts';
import type { Store } from '../src/storage/store.ts';
import { Chance } from '../test/support/chance.ts';
import { addVisits, askStore, COUNT, fillStore, KINDS, PAGE, pagesOf } from '../test/support/small-store.ts';

/**
 * Turns over single bits in every kind of page of a small store, asks questions and counts what comes of it. The store is
 * opened as a small one, all of which is looked at first, and as a large one, whose leaves are looked at while it is asked.
 */
const { values } = parseArgs({
  options: { flips: { type: 'string', default: '150' }, seed: { type: 'string', default: '1' } },
});
const QUESTIONS = 400;
const LOG_HEADER = 32;
const FRAME = 24 + PAGE;

type Files = Readonly<Record<string, Buffer>>;
type Place = (chance: Chance) => readonly [file: string, at: number];

const parent = mkdtempSync(join(tmpdir(), 'pocket-flips-'));
let folders = 0;

const filesOf = (folder: string): Files =>
  Object.fromEntries(
    ['pocket.db', 'pocket.db-wal', 'pocket.db-sums']
      .filter((name) => existsSync(join(folder, name)))
      .map((name) => [name, readFileSync(join(folder, name))]),
  );

/** A store that ended well, and one that was killed with two commits in its log. */
async function made(): Promise<{ closed: Files; killed: Files }> {
  const folder = join(parent, 'made');
  const store = await openStore(folder, 0);
  fillStore(store);
  store.kv.checkpoint();
  await store.kv.settle();
  addVisits(store, COUNT, COUNT + 1);
  addVisits(store, COUNT + 1, COUNT + 2);
  const killed = filesOf(folder);
  store.kv.close();
  return { closed: filesOf(folder), killed };
}

/** How often each outcome was seen. */
async function count(files: Files, place: Place, smallBytes: number | undefined): Promise<Map<string, number>> {
  const chance = new Chance(Number(values.seed));
  const outcomes = new Map<string, number>();
  for (let i = 0; i < Number(values.flips); i++) {
    const [name, at] = place(chance);
    const turned = Buffer.from(files[name] ?? []);
    turned[at] = (turned[at] ?? 0) ^ (1 << chance.below(8));
    const outcome = await meet({ ...files, [name]: turned }, chance, smallBytes);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return outcomes;
}

async function meet(files: Files, chance: Chance, smallBytes: number | undefined): Promise<string> {
  const folder = join(parent, String(++folders));
  mkdirSync(folder);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  let store: Store;
  try {
    store = await openStore(folder, 0, smallBytes === undefined ? {} : { smallBytes });
  } catch {
    rmSync(folder, { recursive: true });
    return 'refused';
  }
  const outcome = askStore(store, chance, QUESTIONS);
  let seen = false;
  try {
    while (await store.kv.pages?.lookOn());
  } catch {
    seen = true;
  }
  store.kv.close();
  rmSync(folder, { recursive: true });
  return seen ? `${outcome}, stopped soon` : outcome;
}

try {
  const { closed, killed } = await made();
  const file = closed['pocket.db'] ?? Buffer.alloc(0);
  const log = killed['pocket.db-wal'] ?? Buffer.alloc(0);
  let frames = 0;
  while (
    log
      .subarray(LOG_HEADER + frames * FRAME + 8)
      .subarray(0, 8)
      .equals(log.subarray(16, 24))
  )
    frames++;
  const inPage =
    (kind: number): Place =>
    (chance) => ['pocket.db', chance.of(pagesOf(file, kind)) * PAGE + chance.below(PAGE)];
  const within =
    (name: string, from: number, length: number): Place =>
    (chance) => [name, from + chance.below(length)];
  const places: readonly (readonly [string, Files, Place])[] = [
    ['the first page', closed, within('pocket.db', 0, PAGE)],
    ...Object.entries(KINDS).map(([name, kind]) => [name, closed, inPage(kind)] as const),
    ['overflow and free', closed, inPage(0)],
    ['checksums, their head', closed, within('pocket.db-sums', 0, 8)],
    ['checksums', closed, within('pocket.db-sums', 8, (closed['pocket.db-sums']?.length ?? 16) - 8)],
    ['log, its header', killed, within('pocket.db-wal', 0, LOG_HEADER)],
    ['log, frames', killed, within('pocket.db-wal', LOG_HEADER, frames * FRAME)],
  ];
  for (const [name, files, place] of places)
    for (const smallBytes of [undefined, 0]) {
      const outcomes = await count(files, place, smallBytes);
      const told = [...outcomes].sort().map(([outcome, times]) => `${outcome} ${String(times)}`);
      console.log(`${name.padEnd(22)} ${smallBytes === undefined ? 'small' : 'large'}: ${told.join(', ')}`);
    }
} finally {
  rmSync(parent, { recursive: true });
}
