import type { Connection, QueryFilter, UpdateQuery } from 'mongoose';
import type { ChatAddress } from '../core/address.ts';
import { chatPace, type PaceStore } from '../core/pace-store.ts';
import { isDuplicate } from './failures.ts';
import { collectionSchema, type Keyed } from './schema.ts';
import { insertNew, upsert } from './upsert.ts';

interface PaceDocument extends Keyed {
  /** The first free place, in ms of real time. */
  readonly nextMs: number;
  readonly closedUntilMs: number;
  readonly count: number;
  /** Documents of chats and days that nobody asks for any more go. */
  readonly usedAt: Date;
}

const KEPT_SECONDS = 172_800;

const schema = collectionSchema<PaceDocument>('paces', {
  nextMs: Number,
  closedUntilMs: Number,
  count: Number,
  usedAt: Date,
});
schema.index({ usedAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

/** Rhythms as the composition of the stores needs them. */
export interface PaceRecords extends PaceStore {
  /** Forgets the rhythms of these chats. */
  forgetChats(chats: readonly ChatAddress[]): Promise<void>;
}

/** One document a rhythm; the database's own atomic update is the lock between instances. */
export function createPaceStore(connection: Connection): PaceRecords {
  const model = connection.model<PaceDocument>('Pace', schema);
  const get = (key: string) => model.findOne({ _id: key }).lean<PaceDocument>();

  const take: PaceStore['take'] = async (key, request) => {
    const { nowMs, gapMs, withinMs, urgent } = request;
    const open = { _id: key, closedUntilMs: { $lte: nowMs } };
    const filter = (urgent ? open : { ...open, nextMs: { $lte: nowMs + withinMs } }) as QueryFilter<PaceDocument>;
    const step = [
      { $set: { nextMs: { $add: [{ $max: ['$nextMs', nowMs] }, gapMs] }, usedAt: new Date(nowMs) } },
    ] as unknown as UpdateQuery<PaceDocument>;
    const taken = await model
      .findOneAndUpdate(filter, step, { returnDocument: 'after', updatePipeline: true })
      .lean<PaceDocument>();
    if (taken !== null) return { atMs: urgent ? nowMs : taken.nextMs - gapMs };
    const stored = await get(key);
    if (stored !== null) {
      const isFree = stored.closedUntilMs <= nowMs && (urgent || stored.nextMs <= nowMs + withinMs);
      // Somebody made it between our two looks.
      return isFree ? take(key, request) : { busyUntilMs: Math.max(stored.closedUntilMs, stored.nextMs) };
    }
    const first = { _id: key, nextMs: nowMs + gapMs, closedUntilMs: 0, count: 0, usedAt: new Date(nowMs) };
    return (await insertNew(model, first)) ? { atMs: nowMs } : take(key, request);
  };

  return {
    take,
    async close(key, untilMs) {
      const set = { $max: { closedUntilMs: untilMs, nextMs: untilMs }, $set: { usedAt: new Date(untilMs) } };
      await upsert(model, key, { ...set, $setOnInsert: { count: 0 } });
    },
    forgetChats: async (chats) => {
      await model.deleteMany({ _id: { $in: chats.map(chatPace) } });
    },
    closedUntilMs: async (key) => (await get(key))?.closedUntilMs ?? 0,
    async count(key, day, most) {
      const id = `${key} ${day}`;
      try {
        const counted = await model.updateOne(
          { _id: id, count: { $lt: most } },
          { $inc: { count: 1 }, $setOnInsert: { nextMs: 0, closedUntilMs: 0, usedAt: new Date(`${day}T00:00:00Z`) } },
          { upsert: true },
        );
        return counted.matchedCount + counted.upsertedCount === 1;
      } catch (error) {
        // The upsert met the full document.
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
  };
}
