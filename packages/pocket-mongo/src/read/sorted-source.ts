import { MongoError } from '../errors.ts';
import type { Match } from '../query/match.ts';
import { sortKeys } from '../query/sort-order.ts';
import type { Collection } from '../storage/collection.ts';
import { decode } from '../values/codec.ts';
import type { Doc } from '../values/value.ts';
import { type Hit, MISS, type Source } from './source.ts';

const MOST_BYTES = 100 * 1024 * 1024;
/** As long as documents take no more than this they are kept, later ones are read again when their turn comes. */
const KEPT_BYTES = 24 * 1024 * 1024;
const ITEM_OVERHEAD = 120;

interface Item {
  readonly key: Buffer;
  readonly number: number;
  readonly bytes: Uint8Array | undefined;
}

const byKey = (a: Item, b: Item): number => Buffer.compare(a.key, b.key);

/** Puts what another source finds in order. With a limit no more than that many are remembered. */
export class SortedSource implements Source<Hit> {
  readonly #from: Source<Hit>;
  readonly #collection: Collection;
  readonly #match: Match;
  readonly #keyOf: (doc: Doc) => Buffer;
  readonly #limit: number;
  #items: Item[] = [];
  #used = 0;
  #kept = 0;
  #at: number | undefined;

  constructor(from: Source<Hit>, collection: Collection, match: Match, sort: Doc, limit: number | undefined) {
    this.#from = from;
    this.#collection = collection;
    this.#match = match;
    this.#keyOf = sortKeys(sort);
    this.#limit = limit ?? Number.POSITIVE_INFINITY;
  }

  step(): Hit | typeof MISS | undefined {
    if (this.#at === undefined) {
      const hit = this.#from.step();
      if (hit === MISS) return MISS;
      if (hit) this.#take(hit);
      else {
        this.#trim();
        this.#at = 0;
      }
      return MISS;
    }
    const item = this.#items[this.#at++];
    if (!item) return undefined;
    const bytes = item.bytes ?? this.#collection.bytes(item.number);
    if (!bytes) return MISS;
    const doc = decode(bytes);
    return item.bytes || this.#match.test(doc) ? { number: item.number, bytes, doc } : MISS;
  }

  #take({ number, bytes, doc }: Hit): void {
    const keeps = this.#kept + bytes.length <= KEPT_BYTES;
    const key = this.#keyOf(doc);
    if (keeps) this.#kept += bytes.length;
    this.#used += key.length + ITEM_OVERHEAD;
    this.#items.push({ key, number, bytes: keeps ? bytes : undefined });
    if (this.#items.length >= 2 * this.#limit + 64) this.#trim();
    if (this.#used > MOST_BYTES)
      throw new MongoError(
        292,
        'Executor error during find command :: caused by :: Sort exceeded memory limit of 104857600 bytes, and this server does not sort on disk',
      );
  }

  #trim(): void {
    this.#items.sort(byKey);
    if (this.#items.length <= this.#limit) return;
    this.#items.length = this.#limit;
    this.#used = this.#items.reduce((sum, { key }) => sum + key.length + ITEM_OVERHEAD, 0);
    this.#kept = this.#items.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
  }
}
