import { crc32 } from 'node:zlib';
import {
  ChecksumError,
  type Entries,
  type Kv,
  type RangeOptions,
  type RecordRow,
  type Records,
  TransactionLostError,
} from './kv.ts';
import { loadSqlite, type SqliteDatabase, type SqliteStatement } from './sqlite-driver.ts';

const APPLICATION_ID = 0x706b6d67;
const FORMAT = 1;

// locking_mode goes first: with it the second process is refused, and the log's index stays out of shared memory.
const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 1000;
  PRAGMA cache_size = -16000;
  PRAGMA cell_size_check = ON;
  PRAGMA trusted_schema = OFF;
`;

const SCHEMA = `
  CREATE TABLE record (id INTEGER PRIMARY KEY, crc INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
  CREATE TABLE entry (key BLOB PRIMARY KEY, crc INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

/** The file belongs to something else, or to a later version of this server. */
export class ForeignFileError extends Error {}

interface RecordColumns {
  readonly id: number;
  readonly crc: number;
  readonly body: Uint8Array;
}

interface EntryColumns {
  readonly key: Uint8Array;
  readonly crc: number;
}

/** Mixes the id into the checksum: a record found under a wrong id is as bad as a wrong byte. */
const recordCrc = (id: number, body: Uint8Array): number => crc32(body, id % 0x1_0000_0000);

function verified({ id, crc, body }: RecordColumns): RecordRow {
  if (recordCrc(id, body) !== crc) throw new ChecksumError(`record ${String(id)} fails its checksum`, id);
  return { id, body };
}

class SqliteRecords implements Records {
  readonly #get: SqliteStatement;
  readonly #put: SqliteStatement;
  readonly #delete: SqliteStatement;
  readonly #forward: SqliteStatement;
  readonly #backward: SqliteStatement;
  readonly #deleteRange: SqliteStatement;

  constructor(db: SqliteDatabase) {
    this.#get = db.prepare('SELECT id, crc, body FROM record WHERE id = ?');
    this.#put = db.prepare('INSERT OR REPLACE INTO record (id, crc, body) VALUES (?, ?, ?)');
    this.#delete = db.prepare('DELETE FROM record WHERE id = ?');
    const range = 'SELECT id, crc, body FROM record WHERE id >= ? AND id < ? ORDER BY id';
    this.#forward = db.prepare(`${range} LIMIT ?`);
    this.#backward = db.prepare(`${range} DESC LIMIT ?`);
    this.#deleteRange = db.prepare(
      'DELETE FROM record WHERE id IN (SELECT id FROM record WHERE id >= ? AND id < ? LIMIT ?)',
    );
  }

  get(id: number): Uint8Array | undefined {
    const row = this.#get.get(id) as RecordColumns | undefined;
    return row && verified(row).body;
  }

  put(id: number, body: Uint8Array): void {
    this.#put.run(id, recordCrc(id, body), body);
  }

  delete(id: number): void {
    this.#delete.run(id);
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
    return Number(this.#deleteRange.run(from, until, limit).changes);
  }
}

function verifiedKey({ key, crc }: EntryColumns): Uint8Array {
  if (crc32(key) !== crc) throw new ChecksumError('an index entry fails its checksum');
  return key;
}

class SqliteEntries implements Entries {
  readonly #put: SqliteStatement;
  readonly #delete: SqliteStatement;
  readonly #forward: SqliteStatement;
  readonly #backward: SqliteStatement;
  readonly #deleteRange: SqliteStatement;

  constructor(db: SqliteDatabase) {
    this.#put = db.prepare('INSERT OR REPLACE INTO entry (key, crc) VALUES (?, ?)');
    this.#delete = db.prepare('DELETE FROM entry WHERE key = ?');
    const range = 'SELECT key, crc FROM entry WHERE key >= ? AND key < ? ORDER BY key';
    this.#forward = db.prepare(`${range} LIMIT ?`);
    this.#backward = db.prepare(`${range} DESC LIMIT ?`);
    this.#deleteRange = db.prepare(
      'DELETE FROM entry WHERE key IN (SELECT key FROM entry WHERE key >= ? AND key < ? LIMIT ?)',
    );
  }

  put(key: Uint8Array): void {
    this.#put.run(key, crc32(key));
  }

  delete(key: Uint8Array): void {
    this.#delete.run(key);
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
    return Number(this.#deleteRange.run(from, until, limit).changes);
  }
}

class SqliteKv implements Kv {
  readonly records: Records;
  readonly entries: Entries;
  readonly #db: SqliteDatabase;
  readonly #begin: SqliteStatement;
  readonly #commit: SqliteStatement;
  readonly #savepoint: SqliteStatement;
  readonly #release: SqliteStatement;

  constructor(db: SqliteDatabase) {
    this.#db = db;
    this.records = new SqliteRecords(db);
    this.entries = new SqliteEntries(db);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#savepoint = db.prepare('SAVEPOINT command');
    this.#release = db.prepare('RELEASE command');
  }

  begin(): void {
    this.#begin.run();
  }

  commit(): void {
    this.#commit.run();
  }

  rollback(): void {
    this.#db.exec('ROLLBACK');
  }

  savepoint<T>(work: () => T): T {
    this.#savepoint.run();
    let result: T;
    try {
      result = work();
    } catch (error) {
      this.#undo(error);
      throw error;
    }
    this.#release.run();
    return result;
  }

  #undo(reason: unknown): void {
    try {
      // On a full disk or a failed read SQLite may have rolled back everything by itself.
      this.#db.exec('ROLLBACK TO command');
      this.#release.run();
    } catch {
      throw new TransactionLostError('the transaction was rolled back', { cause: reason });
    }
  }

  checkpoint(): void {
    this.#db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  }

  structureProblems(): string[] {
    const rows = this.#db.prepare('PRAGMA integrity_check').all() as { readonly integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  }

  copyTo(path: string): void {
    this.#db.prepare('VACUUM INTO ?').run(path);
  }

  close(): void {
    try {
      // Leaves one file behind, without a log beside it.
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.#db.close();
    }
  }
}

function prepare(db: SqliteDatabase): void {
  db.exec(SETTINGS);
  db.exec('BEGIN EXCLUSIVE');
  const { application_id: owner } = db.prepare('PRAGMA application_id').get() as { application_id: number };
  const { user_version: format } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number };
  if (tables === 0)
    db.exec(`${SCHEMA} PRAGMA application_id = ${String(APPLICATION_ID)}; PRAGMA user_version = ${String(FORMAT)};`);
  else if (owner !== APPLICATION_ID || format > FORMAT) throw new ForeignFileError('not a data file of this version');
  db.exec('COMMIT');
}

/** Opens or creates the data file. Throws SQLite's own error when it is damaged or another process holds it. */
export async function openSqliteKv(path: string): Promise<Kv> {
  const { DatabaseSync } = await loadSqlite();
  const db = new DatabaseSync(path);
  try {
    prepare(db);
    return new SqliteKv(db);
  } catch (error) {
    db.close();
    throw error;
  }
}
