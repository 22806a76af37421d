import { MongoError } from '../errors.ts';
import type { Match } from '../query/match.ts';
import { sortKeys } from '../query/sort-order.ts';
import type { Collection } from '../storage/collection.ts';
import { decode } from '../values/codec.ts';
import type { Doc } from '../values/value.ts';
import { SortHeap } from './sort-heap.ts';
import { type Hit, MISS, type Source } from './source.ts';

const MOST_BYTES = 100 * 1024 * 1024;
/** As long as documents take no more than this they are kept, later ones are read again when their turn comes. */
const KEPT_BYTES = 24 * 1024 * 1024;
const ITEM_OVERHEAD = 200;

interface Item {
  readonly keyBytes: number;
  readonly number: number;
  readonly bytes: Uint8Array | undefined;
}

/** Puts what another source finds in order. With a limit no more than that many are remembered. */
export class SortedSource implements Source<Hit> {
  readonly #from: Source<Hit>;
  readonly #collection: Collection;
  readonly #match: Match;
  readonly #keyOf: (doc: Doc) => Buffer;
  readonly #heap: SortHeap<Item>;
  #used = 0;
  #kept = 0;
  #isFilled = false;

  constructor(from: Source<Hit>, collection: Collection, match: Match, sort: Doc, limit: number | undefined) {
    this.#from = from;
    this.#collection = collection;
    this.#match = match;
    this.#keyOf = sortKeys(sort);
    this.#heap = new SortHeap(limit);
  }

  step(): Hit | typeof MISS | undefined {
    if (!this.#isFilled) {
      const hit = this.#from.step();
      if (hit === undefined) this.#isFilled = true;
      else if (hit !== MISS) this.#take(hit);
      return MISS;
    }
    const item = this.#heap.next();
    if (item === MISS || item === undefined) return item;
    const bytes = item.bytes ?? this.#collection.bytes(item.number);
    if (!bytes) return MISS;
    const doc = decode(bytes);
    return item.bytes || this.#match.test(doc) ? { number: item.number, bytes, doc } : MISS;
  }

  #take({ number, bytes, doc }: Hit): void {
    const keeps = this.#kept + bytes.length <= KEPT_BYTES;
    const key = this.#keyOf(doc);
    const item = { keyBytes: key.length, number, bytes: keeps ? bytes : undefined };
    this.#count(item, 1);
    const out = this.#heap.add(key, item);
    if (out) this.#count(out, -1);
    if (this.#used > MOST_BYTES)
      throw new MongoError(
        292,
        'Executor error during find command :: caused by :: Sort exceeded memory limit of 104857600 bytes, and this server does not sort on disk',
      );
  }

  #count({ keyBytes, bytes }: Item, sign: 1 | -1): void {
    this.#used += sign * (keyBytes + ITEM_OVERHEAD);
    this.#kept += sign * (bytes?.length ?? 0);
  }
}
