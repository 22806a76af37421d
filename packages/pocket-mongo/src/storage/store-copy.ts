import type { Follower, Kv, RecordRow } from './kv.ts';

const FIRST_CHUNK = 4;
const LARGEST_CHUNK = 256;
/** So much is copied at once, about. */
const CHUNK_BYTES = 200_000;

const NO_ENTRY = Buffer.alloc(0);
const AFTER_ALL_RECORDS = Number.MAX_SAFE_INTEGER;
const AFTER_ALL_ENTRIES = Buffer.alloc(64, 0xff);

/**
 * Copies a store, part by part, into an empty one while the first goes on being written to. What is written behind the
 * copy's back is noted and copied again, from what is committed then. In the end both are the same.
 */
export class StoreCopy implements Follower {
  readonly #from: Kv;
  readonly #to: Kv;
  readonly #records = new Set<number>();
  readonly #entries = new Map<string, Uint8Array>();
  #nextRecord = 0;
  #nextEntry: Uint8Array = NO_ENTRY;
  #chunk = FIRST_CHUNK;

  constructor(from: Kv, to: Kv) {
    this.#from = from;
    this.#to = to;
    from.follower = this;
  }

  record(id: number): void {
    if (id < this.#nextRecord) this.#records.add(id);
  }

  entry(key: Uint8Array): void {
    if (Buffer.compare(key, this.#nextEntry) < 0) this.#entries.set(Buffer.from(key).toString('latin1'), key);
  }

  /** Copies the next part; false when the copy is whole. Only when the source has no transaction open. */
  step(): boolean {
    this.#to.begin();
    this.#catchUp();
    const goesOn = this.#nextRecord < AFTER_ALL_RECORDS ? this.#copyRecords() : this.#copyEntries();
    this.#to.commit();
    return goesOn;
  }

  /** Lets go of the source; writes to it are not followed any more. */
  end(): void {
    this.#from.follower = undefined;
  }

  #catchUp(): void {
    for (const id of this.#records) {
      const body = this.#from.records.get(id);
      if (body) this.#to.records.put(id, body);
      else this.#to.records.delete(id);
    }
    this.#records.clear();
    for (const key of this.#entries.values())
      if (this.#from.entries.has(key)) this.#to.entries.put(key);
      else this.#to.entries.delete(key);
    this.#entries.clear();
  }

  #copyRecords(): boolean {
    const rows = this.#from.records.range(this.#nextRecord, AFTER_ALL_RECORDS, { limit: this.#chunk });
    for (const { id, body } of rows) this.#to.records.put(id, body);
    this.#chunk = nextChunk(rows, this.#chunk);
    const last = rows.at(-1);
    this.#nextRecord = last ? last.id + 1 : AFTER_ALL_RECORDS;
    return true;
  }

  #copyEntries(): boolean {
    const keys = this.#from.entries.range(this.#nextEntry, AFTER_ALL_ENTRIES, { limit: LARGEST_CHUNK });
    for (const key of keys) this.#to.entries.put(key);
    const last = keys.at(-1);
    this.#nextEntry = last ? Buffer.concat([last, Buffer.from([0])]) : AFTER_ALL_ENTRIES;
    return last !== undefined;
  }
}

function nextChunk(rows: readonly RecordRow[], chunk: number): number {
  const bytes = rows.reduce((sum, { body }) => sum + body.length, 1);
  const fitting = Math.floor((rows.length * CHUNK_BYTES) / bytes);
  return Math.max(1, Math.min(chunk * 4, LARGEST_CHUNK, fitting));
}
