import { EntryScan } from '../plan/entry-scan.ts';
import { MergedScan } from '../plan/merged-scan.ts';
import type { ScanPlan } from '../plan/planner.ts';
import type { Match } from '../query/match.ts';
import type { Collection } from '../storage/collection.ts';
import type { Store } from '../storage/store.ts';
import { decode } from '../values/codec.ts';
import { type Hit, MISS, type Source } from './source.ts';

/** Fetches and tests the documents to which the walks of a plan lead. */
export class IndexWalk implements Source<Hit> {
  readonly #store: Store;
  readonly #collection: Collection;
  readonly #match: Match;
  readonly #scan: MergedScan;

  constructor(
    store: Store,
    collection: Collection,
    match: Match,
    { scans, sorted, wanted }: { scans: readonly ScanPlan[]; sorted: boolean; wanted?: number | undefined },
  ) {
    this.#store = store;
    this.#collection = collection;
    this.#match = match;
    const parts = scans.map(({ index, bounds, backward, fixedFields }) => ({
      scan: new EntryScan(store, index, bounds, backward, wanted),
      fixedFields,
    }));
    this.#scan = new MergedScan(parts, sorted);
  }

  step(): Hit | typeof MISS | undefined {
    const found = this.#scan.next();
    if (found === undefined || found === MISS) return found;
    const { number, version, scan } = found;
    const bytes = this.#collection.bytes(number);
    if (!bytes) {
      if (version === this.#store.version) throw this.#collection.dangling(scan.index, number);
      return MISS;
    }
    const doc = decode(bytes);
    return this.#match.test(doc) ? { number, bytes, doc } : MISS;
  }
}
