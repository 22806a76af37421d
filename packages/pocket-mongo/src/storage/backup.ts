import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Kv } from './kv.ts';
import { openSqliteKv } from './sqlite-kv.ts';
import { StoreCopy } from './store-copy.ts';

/** A backup cannot be made where it is wanted; the message says why in one line. */
export class BackupError extends Error {}

/** Makes what was written to a file, or to a folder's list of files, survive a power cut. */
export async function makeSafe(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function reserve(path: string, part: string): void {
  if (existsSync(path)) throw new BackupError(`${path} exists already: a backup takes the place of nothing`);
  try {
    closeSync(openSync(part, 'wx', 0o600));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new BackupError(code === 'EEXIST' ? `${part} is there: of a backup that runs, or did not end` : message);
  }
}

/**
 * Makes a backup in one new file: a data file that can be put in a folder of its own and opened. `run` is to call
 * `step` until it gives false, at times when the store has no transaction open; the backup shows the store as it was
 * at the last one.
 */
export async function backUp(from: Kv, path: string, run: (step: () => boolean) => Promise<void>): Promise<void> {
  const part = `${path}.part`;
  if (from.follower) throw new BackupError('another backup is being made');
  reserve(path, part);
  try {
    const to = await openSqliteKv(part, { purpose: 'copy' });
    const copy = new StoreCopy(from, to);
    try {
      await run(() => copy.step());
    } finally {
      copy.end();
      to.close();
    }
    await makeSafe(part);
    renameSync(part, path);
    await makeSafe(dirname(path));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
