import { messageOf } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import { afterPrefix, type DataIndex, recordNumberOf } from '../storage/data-index.ts';
import type { Store } from '../storage/store.ts';
import { decode } from '../values/codec.ts';
import { show } from '../values/show.ts';
import { type Doc, field } from '../values/value.ts';

const CHUNK = 256;

/** Looks through one collection: every document, whether each index finds it, and whether it finds nothing else. */
class CollectionCheck {
  readonly #store: Store;
  readonly #collection: Collection;
  /** How many entries the documents have in each index. */
  readonly #wanted = new Map<DataIndex, number>();

  constructor(store: Store, collection: Collection) {
    this.#store = store;
    this.#collection = collection;
  }

  *problems(): Generator<string> {
    try {
      yield* this.#documents();
      for (const index of this.#collection.ready) yield* this.#entries(index);
    } catch (error) {
      yield messageOf(error);
    }
  }

  *#documents(): Generator<string> {
    const { namespace, count } = this.#collection;
    let next = 0;
    let seen = 0;
    for (;;) {
      const rows = this.#collection.rows(next, false, CHUNK);
      for (const { number, bytes } of rows) {
        seen++;
        yield* this.#missing(decode(bytes), number);
      }
      const last = rows.at(-1);
      if (!last) break;
      next = last.number + 1;
    }
    if (seen !== count) yield `${namespace}: ${String(seen)} documents, but ${String(count)} were counted`;
  }

  *#missing(doc: Doc, number: number): Generator<string> {
    for (const index of this.#collection.ready) {
      const keys = index.keysOf(doc);
      this.#wanted.set(index, (this.#wanted.get(index) ?? 0) + keys.length);
      for (const key of keys)
        if (!this.#store.kv.entries.has(index.entry(key, number)))
          yield `${this.#collection.namespace}: index ${index.name} does not find the document with _id ${show(field(doc, '_id'))}`;
    }
  }

  /** Entries that every document has, and no more than those, are the right ones. */
  *#entries(index: DataIndex): Generator<string> {
    const until = afterPrefix(index.prefix);
    let from: Uint8Array = index.prefix;
    let seen = 0;
    for (;;) {
      const entries = this.#store.kv.entries.range(from, until, { limit: CHUNK });
      seen += entries.length;
      for (const number of entries.map(recordNumberOf))
        if (!this.#collection.bytes(number)) yield this.#collection.dangling(index, number).message;
      const last = entries.at(-1);
      if (!last) break;
      from = Buffer.concat([last, Buffer.from([0])]);
    }
    const wanted = this.#wanted.get(index) ?? 0;
    if (seen !== wanted)
      yield `${this.#collection.namespace}: index ${index.name} has ${String(seen)} entries, the documents ask for ${String(wanted)}`;
  }
}

/** Reads everything once: the file's structure, every document, every index entry. Gives the problems in words. */
export function* checkStore(store: Store): Generator<string> {
  try {
    yield* store.kv.structureProblems();
  } catch (error) {
    // Some damage is too bad even to be listed.
    yield messageOf(error);
  }
  for (const collection of store.catalog.all()) yield* new CollectionCheck(store, collection).problems();
}
