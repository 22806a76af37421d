import { Planner } from '../../src/plan/planner.ts';
import { parseFilter } from '../../src/query/parse-filter.ts';
import { openSource } from '../../src/read/open-source.ts';
import { drained } from '../../src/read/source.ts';
import type { Store } from '../../src/storage/store.ts';
import type { Doc } from '../../src/values/value.ts';
import type { Chance } from './chance.ts';

export const PAGE = 4_096;
/** How many documents a filled store has: enough for every kind of page. */
export const COUNT = 1_500;

const visit = (n: number): Doc => ({
  _id: n,
  name: `name-${String(n)}`,
  group: n < COUNT ? n % 500 : -1,
  text: n === 5 ? 'z'.repeat(40_000) : 'x'.repeat(60 + (n % 50)),
});

/** Writes some more visits in one commit. */
export function addVisits({ kv, catalog }: Store, from: number, until: number): void {
  kv.begin();
  const collection = catalog.get('clinic.visits');
  for (let n = from; n < until; n++) collection?.insert(visit(n));
  catalog.flush();
  kv.commit();
}

/** Writes the visits 0 to 1,499 with two indexes beside `_id`. */
export function fillStore(store: Store): void {
  const { kv, catalog } = store;
  kv.begin();
  const collection = catalog.create('clinic.visits');
  for (const name of ['name', 'group'])
    catalog.finishIndex(collection, catalog.beginIndex(collection, { v: 2, key: { [name]: 1 }, name }));
  catalog.flush();
  kv.commit();
  addVisits(store, 0, COUNT);
}

/** What stands in the first byte of a page of SQLite's file ("B-tree Pages" in its file format). */
export const KINDS = { 'leaf table': 13, 'interior table': 5, 'leaf index': 10, 'interior index': 2 } as const;

/** The pages of a kind, counted from 0, without the first. */
export const pagesOf = (bytes: Buffer, kind: number): number[] =>
  Array.from({ length: bytes.length / PAGE }, (_, page) => page).filter(
    (page) => page > 0 && bytes[page * PAGE] === kind,
  );

/** Asks for documents by `_id`, by a unique name and by group: whether any answer was wrong, or an error told of damage. */
export function askStore(store: Store, chance: Chance, questions = 80): 'right' | 'told' | 'wrong' {
  const collection = store.catalog.get('clinic.visits');
  if (!collection) return 'wrong';
  const reader = { store, planner: new Planner(store), onScan: () => undefined };
  let outcome: 'right' | 'told' = 'right';
  for (let i = 0; i < questions; i++) {
    const n = chance.below(COUNT);
    const [filter, count] = chance.of([
      [{ _id: n }, 1],
      [{ name: `name-${String(n)}` }, 1],
      [{ group: n % 500 }, 3],
    ] as const);
    try {
      const found = [...drained(openSource(reader, collection, { match: parseFilter(filter) }))];
      if (found.length !== count || found.some(({ doc }) => Number(doc['group']) !== n % 500)) return 'wrong';
    } catch {
      outcome = 'told';
    }
  }
  return outcome;
}
