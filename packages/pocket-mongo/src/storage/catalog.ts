import { type Binary, Long, UUID } from 'bson';
import type { MongoError } from '../errors.ts';
import { decode, encode } from '../values/codec.ts';
import { toDouble } from '../values/number.ts';
import type { Doc, Numeric } from '../values/value.ts';
import { Collection, type CollectionEvents } from './collection.ts';
import { afterPrefix, DataIndex } from './data-index.ts';
import type { Kv } from './kv.ts';

/** Records below this number describe collections; the same number added to a collection's gives its count. */
const COUNTS = 0x8000_0000;
/** What waits to be cleared away. */
const GARBAGE = 0;
/** So many leftovers are cleared away at once. */
const SLICE = 400;

interface IndexRecord extends Doc {
  id: Numeric;
  spec: Doc;
  multikey: boolean[];
  building?: boolean;
}

/** The collections of the store, their indexes and counts, kept in the store itself. */
export class Catalog implements CollectionEvents {
  readonly #kv: Kv;
  readonly #collections = new Map<string, Collection>();
  readonly #uuids = new Map<number, Binary>();
  readonly #touched = new Set<Collection>();
  readonly #described = new Set<Collection>();
  #garbage: { collections: number[]; indexes: number[] } = { collections: [], indexes: [] };
  readonly #builds = new Map<number, Buffer[]>();
  #nextId = 1;
  /** Rises with every write and every reload, by which readers know that what they hold may be stale. */
  changes = 0;

  constructor(kv: Kv) {
    this.#kv = kv;
    this.load();
  }

  /** Reads everything again from the store; what was in memory only is forgotten. */
  load(): void {
    this.changes++;
    for (const collection of this.#collections.values()) collection.dropped = true;
    this.#collections.clear();
    this.#touched.clear();
    this.#described.clear();
    const garbage = this.#kv.records.get(GARBAGE);
    this.#garbage = { collections: [], indexes: [] };
    if (garbage) this.#loadGarbage(decode(garbage));
    let from = 1;
    for (;;) {
      const rows = this.#kv.records.range(from, COUNTS, { limit: 256 });
      for (const { id, body } of rows) this.#loadCollection(id, decode(body));
      if (rows.length < 256) return;
      from = (rows.at(-1)?.id ?? 0) + 1;
    }
  }

  all(): Collection[] {
    return [...this.#collections.values()].sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
  }

  get(namespace: string): Collection | undefined {
    return this.#collections.get(namespace);
  }

  uuidOf(collection: Collection): Binary {
    return this.#uuids.get(collection.id) ?? new UUID();
  }

  create(namespace: string): Collection {
    const id = this.#nextId++;
    const index = new DataIndex(this.#nextId++, { v: 2, key: { _id: 1 }, name: '_id_' });
    const collection = new Collection(this.#kv, this, id, namespace, [index], 0);
    this.#uuids.set(id, new UUID());
    this.#collections.set(namespace, collection);
    this.described(collection);
    this.touched(collection);
    return collection;
  }

  /** Adds an index to be built. From now on writes enter their documents; those that are there have to be entered. */
  beginIndex(collection: Collection, spec: Doc): DataIndex {
    const index = new DataIndex(this.#nextId++, spec);
    index.building = true;
    collection.indexes.push(index);
    this.described(collection);
    return index;
  }

  /** An index that was built holds all documents now. */
  finishIndex(collection: Collection, index: DataIndex): void {
    index.building = false;
    this.described(collection);
  }

  /** Somebody builds these indexes: they are kept until `endBuild`. */
  startBuild(ids: readonly number[]): void {
    for (const id of ids) this.#builds.set(id, []);
  }

  /** Nobody builds these indexes any more: those that are not finished are dropped when there is time. */
  endBuild(ids: readonly number[]): void {
    for (const id of ids) this.#builds.delete(id);
  }

  conflict(index: DataIndex, key: Buffer): void {
    this.#builds.get(index.id)?.push(key);
  }

  /** Keys that two documents had in a unique index while it was built. */
  conflictsOf(index: DataIndex): readonly Buffer[] {
    return this.#builds.get(index.id) ?? [];
  }

  get hasAbandonedIndex(): boolean {
    return this.all().some((collection) => this.#abandoned(collection).length > 0);
  }

  /** Drops the indexes whose building failed, or was cut off by the end of the process. */
  dropAbandonedIndexes(): void {
    for (const collection of this.all())
      for (const index of this.#abandoned(collection)) this.dropIndex(collection, index);
  }

  #abandoned(collection: Collection): DataIndex[] {
    return collection.indexes.filter(({ building, id }) => building && !this.#builds.has(id));
  }

  dropIndex(collection: Collection, index: DataIndex): void {
    collection.indexes.splice(collection.indexes.indexOf(index), 1);
    this.described(collection);
    this.discard([], [index.id]);
  }

  drop(collection: Collection): void {
    collection.dropped = true;
    this.#collections.delete(collection.namespace);
    this.#touched.delete(collection);
    this.#described.delete(collection);
    this.#kv.records.delete(collection.id);
    this.#kv.records.delete(COUNTS + collection.id);
    this.discard(
      [collection.id],
      collection.indexes.map(({ id }) => id),
    );
  }

  /** Gives the namespace another name; the documents stay where they are. */
  rename(collection: Collection, namespace: string): void {
    this.#collections.delete(collection.namespace);
    const { id, indexes, count } = collection;
    collection.dropped = true;
    const renamed = new Collection(this.#kv, this, id, namespace, indexes, count);
    this.#collections.set(namespace, renamed);
    this.described(renamed);
  }

  /** The error for a damaged record of whichever collection; undefined when it is none of a collection's. */
  damaged(recordId: number): MongoError | undefined {
    const collection = this.all().find(
      ({ firstRecord, endOfRecords }) => firstRecord <= recordId && recordId < endOfRecords,
    );
    return collection?.damaged(recordId - collection.firstRecord);
  }

  touched(collection: Collection): void {
    this.changes++;
    this.#touched.add(collection);
  }

  replaced(): void {
    this.changes++;
  }

  described(collection: Collection): void {
    this.changes++;
    this.#described.add(collection);
  }

  /** Marks records and entries as garbage and clears a first part of them. */
  discard(collections: readonly number[], indexes: readonly number[]): void {
    this.changes++;
    this.#garbage.collections.push(...collections);
    this.#garbage.indexes.push(...indexes);
    this.clearGarbage();
  }

  get hasGarbage(): boolean {
    return this.#garbage.collections.length + this.#garbage.indexes.length > 0;
  }

  /** Clears a bounded part of what dropped collections and indexes left; inside a transaction. */
  clearGarbage(): void {
    let left = SLICE;
    const { collections, indexes } = this.#garbage;
    while (left > 0 && collections[0] !== undefined) {
      const share = collections[0] * 0x1_0000_0000;
      const done = this.#kv.records.deleteRange(share, share + 0x1_0000_0000, left);
      if (done < left) collections.shift();
      left -= done;
    }
    while (left > 0 && indexes[0] !== undefined) {
      const prefix = Buffer.alloc(4);
      prefix.writeUInt32BE(indexes[0]);
      const done = this.#kv.entries.deleteRange(prefix, afterPrefix(prefix), left);
      if (done < left) indexes.shift();
      left -= done;
    }
    if (this.hasGarbage) this.#kv.records.put(GARBAGE, encode({ ...this.#garbage }));
    else this.#kv.records.delete(GARBAGE);
  }

  /** Writes changed descriptions and counts; called once before each commit. */
  flush(): void {
    for (const collection of this.#described) {
      const { id, namespace, indexes } = collection;
      const records = indexes.map(({ id: indexId, spec, multikey, building }) => ({
        id: indexId,
        spec,
        multikey,
        ...(building && { building }),
      }));
      this.#kv.records.put(id, encode({ namespace, uuid: this.uuidOf(collection), indexes: records }));
    }
    for (const { id, count } of this.#touched)
      this.#kv.records.put(COUNTS + id, encode({ count: Long.fromNumber(count) }));
    this.#described.clear();
    this.#touched.clear();
  }

  #loadGarbage(doc: Doc): void {
    const { collections, indexes } = doc as { collections: Numeric[]; indexes: Numeric[] };
    this.#garbage = { collections: collections.map(toDouble), indexes: indexes.map(toDouble) };
    this.#nextId = Math.max(this.#nextId, ...this.#garbage.collections, ...this.#garbage.indexes) + 1;
  }

  #loadCollection(id: number, doc: Doc): void {
    const namespace = doc['namespace'] as string;
    const indexes = (doc['indexes'] as IndexRecord[]).map((record) => {
      const index = new DataIndex(toDouble(record.id), record.spec, record.multikey);
      index.building = record.building === true;
      return index;
    });
    const counted = this.#kv.records.get(COUNTS + id);
    const count = counted ? toDouble(decode(counted)['count'] as Numeric) : 0;
    this.#collections.set(namespace, new Collection(this.#kv, this, id, namespace, indexes, count));
    this.#uuids.set(id, doc['uuid'] as Binary);
    this.#nextId = Math.max(this.#nextId, id + 1, ...indexes.map((index) => index.id + 1));
  }
}
