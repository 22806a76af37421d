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

/** Entries over a table of SQLite that is all key. */
export class SqliteEntries implements Entries {
  readonly #followed: Followed;
  readonly #has: SqliteStatement;
  readonly #put: SqliteStatement;
  readonly #delete: SqliteStatement;
  readonly #forward: SqliteStatement;
  readonly #backward: SqliteStatement;
  readonly #deleteRange: SqliteStatement;

  constructor(db: SqliteDatabase, followed: Followed) {
    this.#followed = followed;
    this.#has = db.prepare('SELECT key, crc FROM entry WHERE key = ?');
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
    this.#followed.by?.entry(key);
  }

  delete(key: Uint8Array): void {
    this.#delete.run(key);
    this.#followed.by?.entry(key);
  }

  has(key: Uint8Array): boolean {
    const row = this.#has.get(key) as EntryColumns | undefined;
    return row !== undefined && verifiedKey(row).length > 0;
  }

  range(from: Uint8Array, until: Uint8Array, { backward, limit }: RangeOptions): Uint8Array[] {
    const statement = backward ? this.#backward : this.#forward;
    if (limit === 1) {
      // `get` costs less than half of `all`.
      const row = statement.get(from, until, 1) as EntryColumns | undefined;
      return row ? [verifiedKey(row)] : [];
    }
    return (statement.all(from, until, limit) as EntryColumns[]).map(verifiedKey);
  }

  deleteRange(from: Uint8Array, until: Uint8Array, limit: number): number {
    const gone = this.#deleteRange.all(from, until, limit) as Pick<EntryColumns, 'key'>[];
    for (const { key } of gone) this.#followed.by?.entry(key);
    return gone.length;
  }
}
