import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MongoError, messageOf } from '../errors.ts';
import type { Kv } from '../storage/kv.ts';
import { PageDamageError } from '../storage/page-file.ts';
import { ForeignFileError, type OpenOptions, openSqliteKv } from '../storage/sqlite-kv.ts';
import { Store } from '../storage/store.ts';
import { checkStore } from './check-store.ts';

/** The file in a folder of data that has all of them. */
export const DATA_FILE = 'pocket.db';
const RETRY_MS = 50;

/** The store cannot be opened; the message says why in one line. */
export class OpenError extends Error {
  /** True when another process has the data open. */
  readonly inUse: boolean;

  constructor(message: string, inUse = false) {
    super(message);
    this.inUse = inUse;
  }
}

const isLocked = (error: unknown): boolean => error instanceof Error && /locked|busy/i.test(error.message);

async function openUnlocked(path: string, patienceMs: number, options: OpenOptions): Promise<Kv> {
  const endsAt = Date.now() + patienceMs;
  for (;;) {
    try {
      return await openSqliteKv(path, options);
    } catch (error) {
      if (!isLocked(error) || Date.now() >= endsAt) throw error;
      await pause(RETRY_MS);
    }
  }
}

function explain(path: string, error: unknown): OpenError {
  const message = messageOf(error);
  if (isLocked(error)) return new OpenError(`${path} is in use: another process has these data open`, true);
  if (error instanceof ForeignFileError || /not a database/.test(message))
    return new OpenError(`${path} is not a data file of this version of pocket-mongo (${message})`);
  if (error instanceof PageDamageError)
    return new OpenError(
      `${message}. Put a backup in its place; "pocket-mongod --check" tells what else is damaged. ` +
        `If the file was put there from elsewhere, take ${path}-sums away, and ${path}-wal unless it came along`,
    );
  if (/malformed|damaged|checksum/i.test(message) || error instanceof MongoError)
    return new OpenError(`${path} is damaged (${message}); put a copy of it back, or begin with an empty folder`);
  return new OpenError(`${path} cannot be opened: ${message}`);
}

/** Without checksums of pages that can be relied on, everything is read once before anybody is answered. */
function checkDoubtful(store: Store): void {
  const { pages } = store.kv;
  if (!pages?.isDoubtful) return;
  const [problem] = checkStore(store);
  if (problem !== undefined) throw new PageDamageError(`the data are damaged: ${problem}`);
  pages.trust();
}

/** How to open the data of a folder. */
export interface StoreOptions extends Pick<OpenOptions, 'despiteDamage' | 'smallBytes' | 'log'> {
  /** May put a file there first. */
  prepare?(path: string): Promise<void>;
}

/**
 * Opens the data of a folder, which is made when there is none. A lock is waited for as long as `patienceMs`: the
 * process that held it may be on its way out. Throws OpenError.
 */
export async function openStore(dbPath: string, patienceMs: number, options: StoreOptions = {}): Promise<Store> {
  const path = join(dbPath, DATA_FILE);
  try {
    mkdirSync(dbPath, { recursive: true, mode: 0o700 });
    if (!statSync(dbPath).isDirectory()) throw new OpenError(`${dbPath} is not a folder`);
    await options.prepare?.(path);
    const kv = await openUnlocked(path, patienceMs, options);
    try {
      const store = new Store(kv);
      if (!options.despiteDamage) checkDoubtful(store);
      return store;
    } catch (error) {
      kv.close();
      throw error;
    }
  } catch (error) {
    throw error instanceof OpenError ? error : explain(path, error);
  }
}
