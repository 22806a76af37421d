import { existsSync, rmSync, statSync } from 'node:fs';
import { DiskFullError, type Entries, type Follower, type Kv, type Records, TransactionLostError } from './kv.ts';
import { type FileFacts, PageDamageError, PageFile } from './page-file.ts';
import { loadSqlite, type SqliteDatabase, type SqliteStatement } from './sqlite-driver.ts';
import { SqliteEntries } from './sqlite-entries.ts';
import { type Followed, SqliteRecords } from './sqlite-records.ts';

const APPLICATION_ID = 0x706b6d67;
/** 2: every writer keeps the checksums of the pages. */
const FORMAT = 2;
/** SQLite's code for a disk, or a quota, that has no room. */
const FULL = 13;
const SMALL_BYTES = 64 * 1024 * 1024;
/**
 * So many pages are moved from the log into the file together: it takes about 6 ms. The disk is then waited for, 21 ms (14 ms for
 * half as many), in which nothing is written: fewer moves cost less, larger ones hold the loop for too long.
 */
const MANY_PAGES = 1_600;
/** But no longer log is kept, which would have to be read at the next opening. */
const LONG_LOG = 4_000;
/** The log is looked at again after about so many pages may have been written. */
const LOOK_EVERY = 64;

// locking_mode goes first: with it the second process is refused, and the log's index stays out of shared memory.
const SETTINGS = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 0;
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

/** Stores that must not be touched any more, not even to close them: SQLite would do away with the log. */
const broken: SqliteDatabase[] = [];

const isFull = (error: unknown): boolean => (error as { readonly errcode?: unknown }).errcode === FULL;

const diskFull = (cause: unknown): DiskFullError =>
  new DiskFullError('the disk is full, nothing was written', { cause });

class SqliteKv implements Kv {
  readonly records: Records;
  readonly entries: Entries;
  readonly pages: PageFile | undefined;
  readonly #db: SqliteDatabase;
  readonly #begin: SqliteStatement;
  readonly #commit: SqliteStatement;
  readonly #savepoint: SqliteStatement;
  readonly #release: SqliteStatement;
  readonly #followed: Followed = { by: undefined, pages: 0 };

  constructor(db: SqliteDatabase, pages: PageFile | undefined) {
    this.#db = db;
    this.pages = pages;
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
    try {
      this.#commit.run();
    } catch (error) {
      if (!isFull(error)) {
        broken.push(this.#db);
        throw error;
      }
      // SQLite has rolled back by itself: the frame that ends the transaction is the last that it writes.
      throw diskFull(error);
    }
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
      const reason = isFull(error) ? diskFull(error) : error;
      this.#undo(reason);
      throw reason;
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

  get wantsCheckpoint(): boolean {
    if (!this.pages || this.#followed.pages < LOOK_EVERY) return false;
    this.#followed.pages = 0;
    return this.pages.waiting >= LONG_LOG || this.pages.logged >= MANY_PAGES;
  }

  checkpoint(): void {
    if (!this.pages || this.pages.waiting === 0) return;
    this.pages.beforeMove();
    // `settle` syncs, where nobody has to stand still for it. Until then the log has everything.
    this.#db.exec('PRAGMA synchronous = OFF');
    try {
      const [{ log }] = this.#db.prepare('PRAGMA wal_checkpoint(PASSIVE)').all() as [{ readonly log: number }];
      this.pages.moved(log);
    } finally {
      this.#db.exec('PRAGMA synchronous = FULL');
    }
  }

  async settle(): Promise<void> {
    try {
      await this.pages?.sync();
    } catch (error) {
      broken.push(this.#db);
      throw error;
    }
  }

  structureProblems(): string[] {
    const problems = [...(this.pages?.problems() ?? [])];
    // What is damaged is left as it is, the log too.
    if (problems.length > 0) broken.push(this.#db);
    const rows = this.#db.prepare('PRAGMA integrity_check').all() as { readonly integrity_check: string }[];
    return [...problems, ...rows.map((row) => row.integrity_check).filter((text) => text !== 'ok')];
  }

  close(): void {
    if (broken.includes(this.#db)) return;
    try {
      this.pages?.beforeLastMove();
      // Leaves the data without a log beside them.
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      this.pages?.afterLastMove();
    } finally {
      this.#db.close();
      this.pages?.close();
    }
  }
}

/** True when the data file is new. */
function prepare(db: SqliteDatabase, settings: string): boolean {
  db.exec(settings);
  db.exec('BEGIN EXCLUSIVE');
  const { application_id: owner } = db.prepare('PRAGMA application_id').get() as { application_id: number };
  const { user_version: format } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number };
  if (tables === 0) db.exec(`${SCHEMA} PRAGMA application_id = ${String(APPLICATION_ID)}`);
  else if (owner !== APPLICATION_ID || format > FORMAT) throw new ForeignFileError('not a data file of this version');
  if (format < FORMAT) db.exec(`PRAGMA user_version = ${String(FORMAT)}`);
  db.exec('COMMIT');
  return tables === 0;
}

type OfFile = Pick<FileFacts, 'isNew' | 'wasClosed' | 'smallBytes' | 'log'>;

function pagesOf(db: SqliteDatabase, path: string, facts: OfFile): PageFile {
  const [{ page_size: pageSize }] = db.prepare('PRAGMA page_size').all() as [{ page_size: number }];
  const [{ page_count: pageCount }] = db.prepare('PRAGMA page_count').all() as [{ page_count: number }];
  return new PageFile(path, { ...facts, pageSize, pageCount });
}

/** SQLite would begin a new store, and do away with the log of the one that is missing. */
function refuseLoneLog(path: string): void {
  if (!existsSync(path) && (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
    throw new Error(`the file is missing, though its log is there: put it back, or move ${path}-wal away`);
}

/** How a data file is opened. */
export interface OpenOptions {
  /** `copy`: is to become a copy of another, and not safe from crashes before it is closed and synced. */
  readonly purpose?: 'data' | 'copy';
  /** Opens damaged pages as well, whose damage `structureProblems` tells. */
  readonly despiteDamage?: boolean;
  /** The pages of files up to this size are all looked at before the opening has ended, the leaves of others later. */
  readonly smallBytes?: number;
  /** Told of what is mended without harm. */
  log?(text: string): void;
}

/**
 * Opens or creates the data file. Throws SQLite's own error when another process holds it or it is none of SQLite's,
 * PageDamageError when its pages are not as they were written.
 */
export async function openSqliteKv(path: string, options: OpenOptions = {}): Promise<Kv> {
  const { purpose = 'data', despiteDamage = false, smallBytes = SMALL_BYTES, log = () => undefined } = options;
  const { DatabaseSync } = await loadSqlite();
  refuseLoneLog(path);
  const wasClosed = !existsSync(`${path}-wal`);
  const db = new DatabaseSync(path);
  let pages: PageFile | undefined;
  try {
    const isNew = prepare(db, purpose === 'data' ? SETTINGS : COPY_SETTINGS);
    if (purpose === 'copy') return new SqliteKv(db, undefined);
    if (isNew) rmSync(`${path}-sums`, { force: true });
    pages = pagesOf(db, path, { isNew, wasClosed, smallBytes, log });
    const problem = despiteDamage ? undefined : pages.firstProblem();
    if (problem !== undefined) throw new PageDamageError(problem);
    return new SqliteKv(db, pages);
  } catch (error) {
    // Closing would do away with a damaged log.
    if (error instanceof PageDamageError) broken.push(db);
    else db.close();
    pages?.close();
    throw error;
  }
}
