import { crc32 } from 'node:zlib';
import { ChecksumError, type Entries, type RangeOptions } from './kv.ts';
import type { SqliteDatabase, SqliteStatement } from './sqlite-driver.ts';
import type { Followed } from './sqlite-records.ts';

interface EntryColumns {
  readonly key: Uint8Array;
  readonly crc: number;
}

function verifiedKey({ key, crc }: EntryColumns): Uint8Array {
  if (crc32(key) !== crc) throw new ChecksumError('an index entry fails its checksum');
  return key;
}

const verifyNeighbour = (row: unknown): Uint8Array | undefined =>
  row === undefined ? undefined : verifiedKey(row as EntryColumns);

/**
 * Entries over a table of SQLite that is all key. A damaged key leads a search past what it looks for, to one side of the
 * damage or the other: so the neighbours of what was found, or not found, are verified as well.
 */
export class SqliteEntries implements Entries {
  readonly #followed: Followed;
  readonly #before: SqliteStatement;
  readonly #from: SqliteStatement;
  readonly #put: SqliteStatement;
  readonly #delete: SqliteStatement;
  readonly #forward: SqliteStatement;
  readonly #backward: SqliteStatement;
  readonly #deleteRange: SqliteStatement;

  constructor(db: SqliteDatabase, followed: Followed) {
    this.#followed = followed;
    this.#before = db.prepare('SELECT key, crc FROM entry WHERE key < ? ORDER BY key DESC LIMIT 1');
    this.#from = db.prepare('SELECT key, crc FROM entry WHERE key >= ? ORDER BY key LIMIT 1');
    this.#put = db.prepare('INSERT OR REPLACE INTO entry (key, crc) VALUES (?, ?)');
    this.#delete = db.prepare('DELETE FROM entry WHERE key = ?');
    const range = 'SELECT key, crc FROM entry WHERE key >= ? AND key < ? ORDER BY key';
    this.#forward = db.prepare(`${range} LIMIT ?`);
    this.#backward = db.prepare(`${range} DESC LIMIT ?`);
    this.#deleteRange = db.prepare(
      'DELETE FROM entry WHERE key IN (SELECT key FROM entry WHERE key >= ? AND key < ? LIMIT ?) RETURNING key',
    );
  }

  put(key: Uint8Array): void {
    this.#put.run(key, crc32(key));
    this.#followed.pages++;
    this.#followed.by?.entry(key);
  }

  delete(key: Uint8Array): boolean {
    this.#followed.pages++;
    this.#followed.by?.entry(key);
    return Number(this.#delete.run(key).changes) > 0;
  }

  has(key: Uint8Array): boolean {
    const found = verifyNeighbour(this.#from.get(key));
    if (found !== undefined && Buffer.compare(found, key) === 0) return true;
    verifyNeighbour(this.#before.get(key));
    return false;
  }

  range(from: Uint8Array, until: Uint8Array, { backward, limit }: RangeOptions): Uint8Array[] {
    const keys =
      limit === 1 ? this.#one(from, until, backward === true) : this.#many(from, until, backward === true, limit);
    const isCutOff = keys.length >= limit;
    if (!isCutOff || backward !== true) verifyNeighbour(this.#before.get(from));
    if (!isCutOff || backward === true) verifyNeighbour(this.#from.get(until));
    for (let i = 1; i < keys.length; i++) {
      const order = Buffer.compare(keys[i - 1] ?? from, keys[i] ?? from);
      if (backward ? order <= 0 : order >= 0) throw new ChecksumError('index entries are out of order');
    }
    return keys;
  }

  /** The first key of a range, or the last, found without a range: that costs a third. */
  #one(from: Uint8Array, until: Uint8Array, backward: boolean): Uint8Array[] {
    const key = verifyNeighbour(backward ? this.#before.get(until) : this.#from.get(from));
    if (key === undefined) return [];
    return (backward ? Buffer.compare(key, from) >= 0 : Buffer.compare(key, until) < 0) ? [key] : [];
  }

  #many(from: Uint8Array, until: Uint8Array, backward: boolean, limit: number): Uint8Array[] {
    return ((backward ? this.#backward : this.#forward).all(from, until, limit) as EntryColumns[]).map(verifiedKey);
  }

  deleteRange(from: Uint8Array, until: Uint8Array, limit: number): number {
    const gone = this.#deleteRange.all(from, until, limit) as Pick<EntryColumns, 'key'>[];
    this.#followed.pages += gone.length;
    for (const { key } of gone) this.#followed.by?.entry(key);
    return gone.length;
  }
}
