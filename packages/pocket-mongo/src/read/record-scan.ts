import { corrupted } from '../errors.ts';
import type { Match } from '../query/match.ts';
import type { Collection } from '../storage/collection.ts';
import type { Store } from '../storage/store.ts';
import { decode } from '../values/codec.ts';
import { type Hit, MISS, type Source } from './source.ts';

const FIRST_CHUNK = 8;
const LARGEST_CHUNK = 256;
const CHUNK_BYTES = 1_000_000;
const LAST_RECORD = 0xffff_fffe;

/** Goes through a whole collection in the order of insertion, or back. */
export class RecordScan implements Source<Hit> {
  readonly #store: Store;
  readonly #collection: Collection;
  readonly #match: Match;
  readonly #backward: boolean;
  #next: number;
  #chunk: { number: number; bytes: Uint8Array }[] = [];
  #at = 0;
  #size = FIRST_CHUNK;
  #version = -1;
  #seen = 0;
  readonly #startedAt: number;

  constructor(store: Store, collection: Collection, match: Match, backward: boolean) {
    this.#store = store;
    this.#collection = collection;
    this.#match = match;
    this.#backward = backward;
    this.#startedAt = store.version;
    this.#next = backward ? LAST_RECORD : 0;
  }

  step(): Hit | typeof MISS | undefined {
    if (this.#at >= this.#chunk.length || this.#version !== this.#store.version) this.#read();
    const row = this.#chunk[this.#at++];
    if (!row) return this.#end();
    this.#seen++;
    this.#next = this.#backward ? row.number - 1 : row.number + 1;
    const doc = decode(row.bytes);
    return this.#match.test(doc) ? { ...row, doc } : MISS;
  }

  /** When nobody wrote from the first document to the last, as many were met as there are, or the file is damaged. */
  #end(): undefined {
    const { count, namespace, dropped } = this.#collection;
    if (this.#startedAt === this.#store.version && !dropped && this.#seen !== count)
      throw corrupted(`${namespace}: ${String(this.#seen)} documents were met, but ${String(count)} were counted`);
    return undefined;
  }

  #read(): void {
    this.#at = 0;
    this.#chunk = this.#next < 0 ? [] : this.#collection.rows(this.#next, this.#backward, this.#size);
    this.#version = this.#store.version;
    const bytes = this.#chunk.reduce((sum, row) => sum + row.bytes.length, 1);
    const fitting = Math.floor((this.#chunk.length * CHUNK_BYTES) / bytes);
    this.#size = Math.max(1, Math.min(this.#size * 4, LARGEST_CHUNK, fitting));
  }
}
