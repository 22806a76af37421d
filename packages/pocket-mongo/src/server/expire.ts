import { wholeBranch } from '../plan/branches.ts';
import { EntryScan } from '../plan/entry-scan.ts';
import { boundsOf } from '../plan/index-bounds.ts';
import { parseFilter } from '../query/parse-filter.ts';
import { IndexWalk } from '../read/index-walk.ts';
import { drained } from '../read/source.ts';
import type { Collection } from '../storage/collection.ts';
import type { DataIndex } from '../storage/data-index.ts';
import type { Store } from '../storage/store.ts';

/** Documents that are removed in one transaction. */
const MOST = 32;

function expireBy(
  store: Store,
  collection: Collection,
  index: DataIndex,
  seconds: number,
  now: Date,
  most: number,
): number {
  const [first] = index.pattern.fields;
  if (!first) return 0;
  const match = parseFilter({ [first.path]: { $lt: new Date(now.getTime() - seconds * 1_000) } });
  const bounds = boundsOf(index, wholeBranch(match));
  if (!new EntryScan(store, index, bounds, false).next()) return 0;
  const walk = new IndexWalk(store, collection, match, {
    scans: [{ index, bounds, backward: false, fixedFields: 0 }],
    sorted: false,
  });
  const found = [];
  for (const hit of drained(walk)) {
    found.push(hit);
    if (found.length >= most) break;
  }
  for (const hit of found) collection.remove(hit);
  return found.length;
}

/** Removes documents whose time is over (TTL indexes), a bounded number at once. True when there may be more. */
export function expire(store: Store, now: Date): boolean {
  let left = MOST;
  for (const collection of store.catalog.all())
    for (const index of collection.ready) {
      if (index.expireAfterSeconds === undefined || left <= 0) continue;
      left -= expireBy(store, collection, index, index.expireAfterSeconds, now, left);
    }
  return left <= 0;
}
