import { type Entries, type Follower, type Kv, type Records, TransactionLostError } from './kv.ts';
import { loadSqlite, type SqliteDatabase, type SqliteStatement } from './sqlite-driver.ts';
import { SqliteEntries } from './sqlite-entries.ts';
import { type Followed, SqliteRecords } from './sqlite-records.ts';

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

// A copy that is not whole yet is worth nothing: it is written as fast as can be, and made safe in the end.
const COPY_SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = OFF;
  PRAGMA synchronous = OFF;
  PRAGMA cache_size = -4000;
`;

const SCHEMA = `
  CREATE TABLE record (id INTEGER PRIMARY KEY, crc INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
  CREATE TABLE entry (key BLOB PRIMARY KEY, crc INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

/** The file belongs to something else, or to a later version of this server. */
export class ForeignFileError extends Error {}

class SqliteKv implements Kv {
  readonly records: Records;
  readonly entries: Entries;
  readonly #db: SqliteDatabase;
  readonly #begin: SqliteStatement;
  readonly #commit: SqliteStatement;
  readonly #savepoint: SqliteStatement;
  readonly #release: SqliteStatement;
  readonly #followed: Followed = { by: undefined };

  constructor(db: SqliteDatabase) {
    this.#db = db;
    this.records = new SqliteRecords(db, this.#followed);
    this.entries = new SqliteEntries(db, this.#followed);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#savepoint = db.prepare('SAVEPOINT command');
    this.#release = db.prepare('RELEASE command');
  }

  get follower(): Follower | undefined {
    return this.#followed.by;
  }

  set follower(follower: Follower | undefined) {
    this.#followed.by = follower;
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

  close(): void {
    try {
      // Leaves one file behind, without a log beside it.
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.#db.close();
    }
  }
}

function prepare(db: SqliteDatabase, settings: string): void {
  db.exec(settings);
  db.exec('BEGIN EXCLUSIVE');
  const { application_id: owner } = db.prepare('PRAGMA application_id').get() as { application_id: number };
  const { user_version: format } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number };
  if (tables === 0)
    db.exec(`${SCHEMA} PRAGMA application_id = ${String(APPLICATION_ID)}; PRAGMA user_version = ${String(FORMAT)};`);
  else if (owner !== APPLICATION_ID || format > FORMAT) throw new ForeignFileError('not a data file of this version');
  db.exec('COMMIT');
}

/**
 * Opens or creates the data file; one that is to become a copy of another is not safe from crashes before it is closed
 * and synced. Throws SQLite's own error when it is damaged or another process holds it.
 */
export async function openSqliteKv(path: string, purpose: 'data' | 'copy' = 'data'): Promise<Kv> {
  const { DatabaseSync } = await loadSqlite();
  const db = new DatabaseSync(path);
  try {
    prepare(db, purpose === 'data' ? SETTINGS : COPY_SETTINGS);
    return new SqliteKv(db);
  } catch (error) {
    db.close();
    throw error;
  }
}
