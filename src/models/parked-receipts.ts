import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Receipt } from '../core/channel.ts';
import type { ChannelName } from '../core/channel-name.ts';
import type { ParkedReceipts } from '../core/parked-receipts.ts';
import { collectionSchema, type Keyed } from './schema.ts';
import { upsert } from './upsert.ts';

type Kept = Omit<Receipt, 'channel' | 'providerId' | 'attemptId'>;

interface ParkedDocument extends Keyed {
  /** By status: a platform repeats itself. */
  readonly told: Readonly<Partial<Record<Receipt['status'], Kept>>>;
  readonly parkedAt: Date;
}

const KEPT_SECONDS = 86_400;

const schema = collectionSchema<ParkedDocument>('parkedReceipts', { told: {}, parkedAt: Date });
schema.index({ parkedAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

/** One document a send that is not known yet. */
export function createParkedReceipts(connection: Connection): ParkedReceipts {
  const model = connection.model<ParkedDocument>('ParkedReceipt', schema);
  return {
    park: async ({ channel, providerId, attemptId: _attempt, ...told }, wallMs) => {
      const parkedAt = new Date(wallMs);
      await upsert(model, keyOf(channel, providerId), {
        $set: { [`told.${told.status}`]: told },
        $setOnInsert: { parkedAt },
      });
    },
    of: async (channel, providerId) => {
      const stored = await model.findOne({ _id: keyOf(channel, providerId) }).lean<ParkedDocument>();
      return Object.values(stored?.told ?? {}).map((told) => ({ ...told, channel, providerId }) as Receipt);
    },
    forget: async (channel, providerId) => {
      await model.deleteOne({ _id: keyOf(channel, providerId) });
    },
  };
}

/** Ids of platforms carry the number or the chat, and belong to nobody's data here: only their hash is kept. */
function keyOf(channel: ChannelName, providerId: string): string {
  return createHash('sha256').update(`${channel}:${providerId}`).digest('base64url');
}
