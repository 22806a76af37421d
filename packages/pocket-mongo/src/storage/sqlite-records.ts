import { crc32 } from 'node:zlib';
import { ChecksumError, type Follower, type RangeOptions, type RecordRow, type Records } from './kv.ts';
import type { SqliteDatabase, SqliteStatement } from './sqlite-driver.ts';

/** Where records and entries tell what they write: who follows them, if anybody does, and about how much it is. */
export interface Followed {
  by: Follower | undefined;
  /** Pages that may have been changed, counted up. */
  pages: number;
}

const PAGE_BYTES = 4_096;

interface RecordColumns {
  readonly id: number;
  readonly crc: number;
  readonly body: Uint8Array;
}

/** Mixes the id into the checksum: a record found under a wrong id is as bad as a wrong byte. */
const recordCrc = (id: number, body: Uint8Array): number => crc32(body, id % 0x1_0000_0000);

function verified({ id, crc, body }: RecordColumns): RecordRow {
  if (recordCrc(id, body) !== crc) throw new ChecksumError(`record ${String(id)} fails its checksum`, id);
  return { id, body };
}

/** Records over a table of SQLite. */
export class SqliteRecords implements Records {
  readonly #followed: Followed;
  readonly #get: SqliteStatement;
  readonly #put: SqliteStatement;
  readonly #delete: SqliteStatement;
  readonly #forward: SqliteStatement;
  readonly #backward: SqliteStatement;
  readonly #deleteRange: SqliteStatement;

  constructor(db: SqliteDatabase, followed: Followed) {
    this.#followed = followed;
    this.#get = db.prepare('SELECT id, crc, body FROM record WHERE id = ?');
    this.#put = db.prepare('INSERT OR REPLACE INTO record (id, crc, body) VALUES (?, ?, ?)');
    this.#delete = db.prepare('DELETE FROM record WHERE id = ?');
    const range = 'SELECT id, crc, body FROM record WHERE id >= ? AND id < ? ORDER BY id';
    this.#forward = db.prepare(`${range} LIMIT ?`);
    this.#backward = db.prepare(`${range} DESC LIMIT ?`);
    this.#deleteRange = db.prepare(
      'DELETE FROM record WHERE id IN (SELECT id FROM record WHERE id >= ? AND id < ? LIMIT ?) RETURNING id',
    );
  }

  get(id: number): Uint8Array | undefined {
    const row = this.#get.get(id) as RecordColumns | undefined;
    return row && verified(row).body;
  }

  put(id: number, body: Uint8Array): void {
    this.#put.run(id, recordCrc(id, body), body);
    this.#followed.pages += 1 + body.length / PAGE_BYTES;
    this.#followed.by?.record(id);
  }

  delete(id: number): void {
    this.#delete.run(id);
    this.#followed.pages++;
    this.#followed.by?.record(id);
  }

  range(from: number, until: number, { backward, limit }: RangeOptions): RecordRow[] {
    const rows = (backward ? this.#backward : this.#forward).all(from, until, limit) as RecordColumns[];
    let last: number | undefined;
    return rows.map((row) => {
      if (last !== undefined && (backward ? row.id >= last : row.id <= last))
        throw new ChecksumError(`record ${String(row.id)} is out of order`, row.id);
      last = row.id;
      return verified(row);
    });
  }

  deleteRange(from: number, until: number, limit: number): number {
    const gone = this.#deleteRange.all(from, until, limit) as Pick<RecordColumns, 'id'>[];
    this.#followed.pages += gone.length;
    for (const { id } of gone) this.#followed.by?.record(id);
    return gone.length;
  }
}
