import { MongoError } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import type { DataIndex } from '../storage/data-index.ts';
import type { Store } from '../storage/store.ts';
import { decode } from '../values/codec.ts';
import type { Work } from './command.ts';

const CHUNK = 16;

/**
 * Enters all documents of a collection into new indexes, in parts between which others read and write: what they
 * write is entered by themselves. A build that fails leaves its indexes unfinished, which is as good as dropped.
 */
export class IndexBuild {
  readonly #store: Store;
  readonly #namespace: string;
  readonly #collectionId: number;
  readonly #ids: readonly number[];
  /** Documents from here on were written after the beginning. */
  readonly #end: number;

  constructor(store: Store, collection: Collection, indexes: readonly DataIndex[]) {
    this.#store = store;
    this.#namespace = collection.namespace;
    this.#collectionId = collection.id;
    this.#ids = indexes.map(({ id }) => id);
    this.#end = collection.nextNumber;
  }

  *run(): Work<void> {
    if (this.#ids.length === 0) return;
    this.#store.catalog.startBuild(this.#ids);
    try {
      yield* this.#fill();
      yield* this.#settleConflicts();
      const { collection, indexes } = this.#current();
      for (const index of indexes) this.#store.catalog.finishIndex(collection, index);
    } finally {
      this.#store.catalog.endBuild(this.#ids);
    }
  }

  /** Collection and indexes as they are now: an undone write of others has them loaded again. */
  #current(): { collection: Collection; indexes: DataIndex[] } {
    const collection = this.#store.catalog.get(this.#namespace);
    const indexes = collection?.indexes.filter(({ id }) => this.#ids.includes(id)) ?? [];
    if (collection?.id !== this.#collectionId || indexes.length < this.#ids.length)
      throw new MongoError(276, `Index build failed: collection or index dropped: ${this.#namespace}`);
    return { collection, indexes };
  }

  *#fill(): Work<void> {
    let next = 0;
    while (next < this.#end) {
      const { collection, indexes } = this.#current();
      const rows = collection.rows(next, false, CHUNK);
      for (const { number, bytes } of rows) {
        const doc = decode(bytes);
        for (const index of indexes) collection.enter(index, { number, doc });
      }
      const last = rows.at(-1);
      if (!last) return;
      next = last.number + 1;
      yield;
    }
  }

  /** A key that two documents had for a while is no harm when only one has it in the end. */
  *#settleConflicts(): Work<void> {
    for (const id of this.#ids) {
      let settled = 0;
      for (;;) {
        const { collection, indexes } = this.#current();
        const index = indexes.find((other) => other.id === id);
        const key = index && this.#store.catalog.conflictsOf(index)[settled++];
        if (!key) break;
        collection.checkAlone(index, key);
        yield;
      }
    }
  }
}
