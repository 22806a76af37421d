import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BackupError, backUp, makeSafe } from '../storage/backup.ts';
import { ask } from '../wire/ask.ts';
import { checkStore } from './check-store.ts';
import { DATA_FILE, OpenError, openStore } from './open-store.ts';

/** Says where the process listens that has a folder's data open. */
const ADDRESS_FILE = 'pocket.address';

/** Leaves word of where the server listens, for who finds the data in use. */
export const leaveAddress = (dbPath: string, address: string): void =>
  writeFileSync(join(dbPath, ADDRESS_FILE), `${address}\n`, { mode: 0o600 });

export const removeAddress = (dbPath: string): void => rmSync(join(dbPath, ADDRESS_FILE), { force: true });

async function backUpThroughServer(dbPath: string, to: string, inUse: OpenError): Promise<void> {
  const file = join(dbPath, ADDRESS_FILE);
  if (!existsSync(file)) throw inUse;
  const reply = await ask(readFileSync(file, 'utf8').trim(), { pocketBackup: 1, to, $db: 'admin' });
  const { errmsg } = reply;
  if (typeof errmsg === 'string') throw new BackupError(errmsg);
}

/** Makes a backup of a folder's data, through the server where one runs on them. */
export async function keepBackup(dbPath: string, file: string): Promise<void> {
  const to = resolve(file);
  if (!existsSync(join(dbPath, DATA_FILE))) throw new OpenError(`${dbPath} has no data`);
  const store = await openStore(dbPath, 0).catch(async (error: unknown) => {
    if (!(error instanceof OpenError) || !error.inUse) throw error;
    await backUpThroughServer(dbPath, to, error);
    return undefined;
  });
  if (!store) return;
  try {
    await backUp(store.kv, to, async (step) => {
      while (step());
    });
  } finally {
    store.kv.close();
  }
}

/** Puts a backup's data in a folder that has none; first they are looked through, and nothing is done when they are damaged. */
export async function restoreBackup(dbPath: string, file: string): Promise<readonly string[]> {
  const target = join(dbPath, DATA_FILE);
  // SQLite would move what a log has that was left there into the backup's data.
  if (existsSync(target) || existsSync(`${target}-wal`))
    throw new OpenError(`${dbPath} has data already: move them away first, ${DATA_FILE}-wal and -sums too`);
  if (!existsSync(file)) throw new OpenError(`${file} does not exist`);
  const trial = join(dbPath, 'restoring');
  rmSync(trial, { recursive: true, force: true });
  const store = await openStore(trial, 0, { prepare: (path) => copyFile(file, path) });
  const problems = [...checkStore(store)];
  store.kv.close();
  if (problems.length === 0) {
    await makeSafe(join(trial, DATA_FILE));
    rmSync(`${target}-sums`, { force: true });
    await rename(join(trial, DATA_FILE), target);
    await rename(join(trial, `${DATA_FILE}-sums`), `${target}-sums`);
    await makeSafe(dbPath);
  }
  rmSync(trial, { recursive: true, force: true });
  return problems;
}
