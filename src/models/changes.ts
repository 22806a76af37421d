import type { Connection } from 'mongoose';
import type { Change, ChangeKind, ChangeStore } from '../core/change.ts';
import { invalid } from '../core/errors.ts';
import { pageOf } from './paging.ts';
import { LOST, untilWon } from './races.ts';
import { collectionSchema, type Keyed } from './schema.ts';
import { insertNew } from './upsert.ts';

interface ChangeDocument extends Omit<Change, 'id'>, Keyed {
  readonly unique: string;
}

const schema = collectionSchema<ChangeDocument>('changes', {
  type: { type: String },
  key: String,
  change: String,
  at: Date,
  by: String,
  unique: String,
});
schema.index({ unique: 1 }, { unique: true });

/** A change that was committed with its document and is still to be put into the list. */
export interface OutgoingChange {
  readonly change: ChangeKind;
  readonly at: Date;
  readonly by: Change['by'];
  readonly unique: string;
}

const DIGITS = 12;

/**
 * The list of changes for the clinic's system. An id is the highest stored one plus one, so that a change never appears
 * behind one that a reader has seen already; a counter beside the list could not promise that.
 */
export function createChangeStore(connection: Connection): ChangeStore {
  const model = connection.model<ChangeDocument>('Change', schema);
  let queue: Promise<unknown> = Promise.resolve();
  const append = (change: Omit<Change, 'id'>, unique: string) =>
    untilWon(async () => {
      if ((await model.exists({ unique })) !== null) return null;
      const last = await model.findOne().sort({ _id: -1 }).lean<ChangeDocument>();
      const _id = String(Number(last?._id ?? 0) + 1).padStart(DIGITS, '0');
      const { type, key, change: kind, at, by } = change;
      return (await insertNew(model, { _id, type, key, change: kind, at, by, unique })) ? null : LOST;
    });
  return {
    add: async (change, unique) => {
      // One after the other within a process: only other processes can take the next number away.
      const added = queue.then(() => append(change, unique));
      queue = added.catch(() => null);
      await added;
    },
    list: (after, page) => {
      if (after !== null && !/^\d{12}$/.test(after)) throw invalid('after', 'is not the id of a change');
      const filter = after === null ? {} : { _id: { $gt: after } };
      return pageOf(model, { list: 'changes', by: '_id', direction: 1 }, filter, page, read);
    },
  };
}

function read({ _id, type, key, change, at, by }: ChangeDocument): Change {
  return { id: _id, type, key, change, at, by };
}
