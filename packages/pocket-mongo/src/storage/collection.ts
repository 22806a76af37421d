import { corrupted, MongoError } from '../errors.ts';
import { decode, encode } from '../values/codec.ts';
import { equal } from '../values/compare.ts';
import { show } from '../values/show.ts';
import { type Doc, field } from '../values/value.ts';
import type { DataIndex } from './data-index.ts';
import { ChecksumError, type Kv } from './kv.ts';

const MAX_DOCUMENT = 16 * 1024 * 1024;
/** Records of one collection lie together: the collection's number × 2^32 + a number counted up. */
const SHARE = 0x1_0000_0000;

/** A stored document with its record number. */
export interface Stored {
  readonly number: number;
  readonly doc: Doc;
  readonly bytes: Uint8Array;
}

/** What a collection tells its keeper: that it was written to, and that its description changed. */
export interface CollectionEvents {
  touched(collection: Collection): void;
  /** Its documents are others, but as many as before. */
  replaced(): void;
  described(collection: Collection): void;
  /** Two documents have the same key in a unique index that is still being built. */
  conflict(index: DataIndex, key: Buffer): void;
}

/** The documents and index entries of one namespace. Every write keeps both in step or does nothing. */
export class Collection {
  readonly id: number;
  readonly namespace: string;
  readonly indexes: DataIndex[];
  count: number;
  dropped = false;
  readonly #kv: Kv;
  readonly #events: CollectionEvents;
  #next: number | undefined;

  constructor(kv: Kv, events: CollectionEvents, id: number, namespace: string, indexes: DataIndex[], count: number) {
    this.#kv = kv;
    this.#events = events;
    this.id = id;
    this.namespace = namespace;
    this.indexes = indexes;
    this.count = count;
  }

  /** The indexes that hold all documents. */
  get ready(): readonly DataIndex[] {
    return this.indexes.some(({ building }) => building)
      ? this.indexes.filter(({ building }) => !building)
      : this.indexes;
  }

  /** No record has this number or a later one yet. */
  get nextNumber(): number {
    return this.#nextNumber();
  }

  get firstRecord(): number {
    return this.id * SHARE;
  }

  get endOfRecords(): number {
    return (this.id + 1) * SHARE;
  }

  /** The stored bytes of a record, verified; undefined when there is none. */
  bytes(number: number): Uint8Array | undefined {
    try {
      return this.#kv.records.get(this.firstRecord + number);
    } catch (error) {
      throw error instanceof ChecksumError ? this.damaged(number) : error;
    }
  }

  /** Records in the order of their insertion, at most `limit` of them, from `from` on (or back from it). */
  rows(from: number, backward: boolean, limit: number): { number: number; bytes: Uint8Array }[] {
    const [low, high] = backward
      ? [this.firstRecord, this.firstRecord + from + 1]
      : [this.firstRecord + from, this.endOfRecords];
    try {
      const rows = this.#kv.records.range(low, high, { backward, limit });
      return rows.map(({ id, body }) => ({ number: id - this.firstRecord, bytes: body }));
    } catch (error) {
      throw error instanceof ChecksumError && error.recordId !== undefined
        ? this.damaged(error.recordId - this.firstRecord)
        : error;
    }
  }

  /** Adds a document that has its `_id` first. Throws DuplicateKey before anything is written. */
  insert(doc: Doc): void {
    const bytes = encode(doc);
    if (bytes.length > MAX_DOCUMENT)
      throw new MongoError(
        2,
        `object to insert too large. size in bytes: ${String(bytes.length)}, max size: ${String(MAX_DOCUMENT)}`,
      );
    const number = this.#nextNumber();
    const keys = this.#checkedKeys(this.indexes, doc);
    this.#next = number + 1;
    this.#kv.records.put(this.firstRecord + number, bytes);
    for (const [i, index] of this.indexes.entries())
      for (const key of keys[i] ?? []) this.#kv.entries.put(index.entry(key, number));
    this.count++;
    this.#events.touched(this);
  }

  /** Puts `next` in the place of a stored document with the same `_id`; false when it is the same to the byte. */
  replace({ number, doc, bytes: known }: Stored, next: Doc): boolean {
    const bytes = encode(next);
    if (Buffer.compare(known, bytes) === 0) return false;
    if (!equal(field(doc, '_id'), field(next, '_id')))
      throw new MongoError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
    if (bytes.length > MAX_DOCUMENT)
      throw new MongoError(17419, `Resulting document after update is larger than ${String(MAX_DOCUMENT)}`);
    const moving = this.indexes.filter((index) => !index.seesNoChange(doc, next));
    const before = moving.map((index) => index.keysOf(doc));
    const after = this.#checkedKeys(moving, next, number, before);
    this.#kv.records.put(this.firstRecord + number, bytes);
    for (const [i, index] of moving.entries()) this.#moveEntries(index, number, before[i] ?? [], after[i] ?? []);
    this.#events.replaced();
    return true;
  }

  remove({ number, doc }: Pick<Stored, 'number' | 'doc'>): void {
    this.#kv.records.delete(this.firstRecord + number);
    for (const index of this.indexes) for (const key of index.keysOf(doc)) this.#deleteEntry(index, key, number);
    this.count--;
    this.#events.touched(this);
  }

  /** Enters an already stored document into a new index. Throws DuplicateKey. */
  enter(index: DataIndex, { number, doc }: Pick<Stored, 'number' | 'doc'>): void {
    const arrays = index.multikey.filter(Boolean).length;
    const keys = index.keysOf(doc);
    if (index.multikey.filter(Boolean).length !== arrays) this.#events.described(this);
    for (const key of keys) {
      if (index.unique && index.holderOf(this.#kv, key, number) !== undefined)
        throw index.duplicateKey(this.namespace, doc);
      this.#kv.entries.put(index.entry(key, number));
    }
  }

  /** Throws DuplicateKey when more than one document has a key. */
  checkAlone(index: DataIndex, key: Uint8Array): void {
    const holder = index.holderOf(this.#kv, key);
    if (holder === undefined || index.holderOf(this.#kv, key, holder) === undefined) return;
    const bytes = this.bytes(holder);
    if (!bytes) throw this.dangling(index, holder);
    throw index.duplicateKey(this.namespace, decode(bytes));
  }

  /** The error for a record that fails its checksum; names the collection and, where it can be found, the `_id`. */
  damaged(number: number): MongoError {
    return corrupted(`${this.namespace}: the document with _id ${this.#idOf(number)} is damaged (checksum)`);
  }

  /** The error for an index entry without its document. */
  dangling(index: DataIndex, number: number): MongoError {
    return corrupted(`${this.namespace}: index ${index.name} names record ${String(number)}, which does not exist`);
  }

  #idOf(number: number): string {
    try {
      const raw = this.#kv.records.get(this.firstRecord + number);
      return raw ? show(field(decode(raw), '_id')) : `of record ${String(number)}`;
    } catch {
      return `of record ${String(number)}`;
    }
  }

  #nextNumber(): number {
    if (this.#next === undefined) {
      const [last] = this.#kv.records.range(this.firstRecord, this.endOfRecords, { backward: true, limit: 1 });
      this.#next = last ? last.id - this.firstRecord + 1 : 1;
    }
    return this.#next;
  }

  /** The document's keys in some indexes, after making sure that none of them breaks a unique index. */
  #checkedKeys(indexes: readonly DataIndex[], doc: Doc, except?: number, own: readonly Buffer[][] = []): Buffer[][] {
    return indexes.map((index, i) => {
      const arrays = index.multikey.filter(Boolean).length;
      const keys = index.keysOf(doc);
      if (index.multikey.filter(Boolean).length !== arrays) this.#events.described(this);
      if (!index.unique) return keys;
      for (const key of keys) {
        if (own[i]?.some((held) => held.equals(key)) || index.holderOf(this.#kv, key, except) === undefined) continue;
        if (!index.building) throw index.duplicateKey(this.namespace, doc);
        this.#events.conflict(index, key);
      }
      return keys;
    });
  }

  #deleteEntry(index: DataIndex, key: Buffer, number: number): void {
    if (this.#kv.entries.delete(index.entry(key, number)) || index.building) return;
    throw corrupted(`${this.namespace}: index ${index.name} does not have the document with _id ${this.#idOf(number)}`);
  }

  #moveEntries(index: DataIndex, number: number, before: readonly Buffer[], after: readonly Buffer[]): void {
    const [was] = before;
    const [is] = after;
    if (was && is && before.length === 1 && after.length === 1) {
      if (was.equals(is)) return;
      this.#deleteEntry(index, was, number);
      this.#kv.entries.put(index.entry(is, number));
      return;
    }
    const kept = new Set(after.map((key) => key.toString('latin1')));
    const had = new Set(before.map((key) => key.toString('latin1')));
    for (const key of before) if (!kept.has(key.toString('latin1'))) this.#deleteEntry(index, key, number);
    for (const key of after) if (!had.has(key.toString('latin1'))) this.#kv.entries.put(index.entry(key, number));
  }
}
