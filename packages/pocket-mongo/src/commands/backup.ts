import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { Long } from 'bson';
import { badValue, MongoError } from '../errors.ts';
import { BackupError, backUp } from '../storage/backup.ts';
import { ChecksumError } from '../storage/kv.ts';
import type { Doc } from '../values/value.ts';
import type { Command, CommandContext, Work } from './command.ts';
import { textField } from './fields.ts';

/** So much of a turn goes to the backup, the rest to others. */
const SLICE_MS = 2;

/** Copies a little after each commit until all is copied. */
function besideOthers(context: CommandContext, step: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    context.between(() => {
      const endsAt = performance.now() + SLICE_MS;
      try {
        while (step()) if (performance.now() >= endsAt) return true;
        resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
      return false;
    });
  });
}

function explained(error: unknown, { store }: CommandContext): unknown {
  if (error instanceof BackupError) return new MongoError(72, error.message);
  if (!(error instanceof ChecksumError) || error.recordId === undefined) return error;
  return store.catalog.damaged(error.recordId) ?? error;
}

/** A command of this server's own: a backup of all databases in one new file, while everything goes on. */
export const BACKUP: Command = {
  name: 'pocketBackup',
  access: 'read',
  fields: ['to'],
  *run(request, context): Work<Doc> {
    if (context.db !== 'admin') throw new MongoError(13, 'pocketBackup may only be run against the admin database.');
    const to = textField(request, 'to', 'pocketBackup');
    if (!isAbsolute(to)) throw badValue(`pocketBackup needs the whole path of a new file, not '${to}'`);
    let outcome: { readonly error?: unknown } | undefined;
    backUp(context.store.kv, to, (step) => besideOthers(context, step)).then(
      () => {
        outcome = {};
      },
      (error: unknown) => {
        outcome = { error };
      },
    );
    while (!outcome) yield 'wait';
    if ('error' in outcome) throw explained(outcome.error, context);
    return { file: to, bytes: Long.fromNumber(statSync(to).size) };
  },
};
