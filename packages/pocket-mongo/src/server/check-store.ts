import type { Collection } from '../storage/collection.ts';
import { afterPrefix } from '../storage/data-index.ts';
import type { Store } from '../storage/store.ts';
import { decode } from '../values/codec.ts';

const CHUNK = 256;

function* documentProblems(collection: Collection): Generator<string> {
  let next = 0;
  let count = 0;
  for (;;) {
    const rows = collection.rows(next, false, CHUNK);
    for (const { bytes } of rows) {
      decode(bytes);
      count++;
    }
    const last = rows.at(-1);
    if (!last) break;
    next = last.number + 1;
  }
  if (count !== collection.count)
    yield `${collection.namespace}: ${String(count)} documents, but ${String(collection.count)} were counted`;
}

function* entryProblems({ kv }: Store, collection: Collection): Generator<string> {
  for (const index of collection.indexes) {
    const until = afterPrefix(index.prefix);
    let from: Uint8Array = index.prefix;
    for (;;) {
      const entries = kv.entries.range(from, until, { limit: CHUNK });
      for (const entry of entries) {
        const number = Buffer.from(entry).readUInt32BE(entry.length - 4);
        if (!collection.bytes(number)) yield collection.dangling(index, number).message;
      }
      const last = entries.at(-1);
      if (!last) break;
      from = Buffer.concat([last, Buffer.from([0])]);
    }
  }
}

/** Reads everything once: the file's structure, every document, every index entry. Gives the problems in words. */
export function* checkStore(store: Store): Generator<string> {
  yield* store.kv.structureProblems();
  for (const collection of store.catalog.all()) {
    try {
      yield* documentProblems(collection);
      yield* entryProblems(store, collection);
    } catch (error) {
      yield error instanceof Error ? error.message : String(error);
    }
  }
}
