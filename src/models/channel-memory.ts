import type { Connection } from 'mongoose';
import type { ChannelMemory } from '../core/channel-memory.ts';
import { collectionSchema, type Keyed } from './schema.ts';
import { upsert } from './upsert.ts';

interface MemoryDocument extends Keyed {
  readonly channel: string;
  readonly value: string;
}

const schema = collectionSchema<MemoryDocument>('channelMemory', { channel: String, value: String });
schema.index({ value: 1 });

/** Facts of channels as the composition of the stores needs them. */
export interface ChannelMemoryRecords extends ChannelMemory {
  /** Forgets everything that names one of these addresses. */
  forgetAddresses(addresses: readonly string[]): Promise<void>;
}

/** One document a fact. */
export function createChannelMemory(connection: Connection): ChannelMemoryRecords {
  const model = connection.model<MemoryDocument>('ChannelMemory', schema);
  return {
    get: async (channel, key) =>
      (await model.findOne({ _id: `${channel}:${key}` }).lean<MemoryDocument>())?.value ?? null,
    set: async (channel, key, value) => {
      await upsert(model, `${channel}:${key}`, { $set: { channel, value } });
    },
    keysOf: async (channel, value) =>
      (await model.find({ value, channel }).sort({ _id: 1 }).lean<MemoryDocument[]>()).map(({ _id }) =>
        _id.slice(channel.length + 1),
      ),
    forget: async (channel, key) => {
      await model.deleteOne({ _id: `${channel}:${key}` });
    },
    forgetAddresses: async (addresses) => {
      await model.deleteMany({ value: { $in: addresses } });
    },
  };
}
