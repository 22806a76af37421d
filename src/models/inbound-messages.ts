import type { Connection } from 'mongoose';
import { type ChatAddress, chatKey } from '../core/address.ts';
import type { NewId } from '../core/clock.ts';
import type { InboundMessage, InboundStore, StoredInbound } from '../core/inbound.ts';
import { collectionSchema, type Keyed, partSchema } from './schema.ts';
import { insertNew } from './upsert.ts';

/** The key is channel and platform id, so that a repeat finds the first one. */
interface InboundDocument extends StoredInbound, Keyed {
  readonly chat: string;
  /** Sorts by the order of storing. */
  readonly place: string;
}

const schema = collectionSchema<InboundDocument>('inbound', {
  id: String,
  from: partSchema<ChatAddress>({ channel: String, address: String }),
  at: Date,
  body: {},
  sender: String,
  handledAt: Date,
  tries: Number,
  chat: String,
  place: String,
});
schema.index({ chat: 1, place: 1 });
schema.index({ handledAt: 1, place: 1 });

/** Received messages as the composition of the stores needs them. */
export interface InboundRecords extends InboundStore {
  /** Erases what was said in these chats and from where; what was not handled yet never will be. */
  eraseChats(chats: readonly ChatAddress[], at: Date): Promise<void>;
}

/** Received messages. They are kept for dedupe and the inbox for as long as the patient's data are. */
export function createInboundStore(connection: Connection, newId: NewId): InboundRecords {
  const model = connection.model<InboundDocument>('Inbound', schema);
  return {
    store: ({ id, from, at, body, sender }) => {
      const key = { _id: keyOf({ id, from }), chat: chatKey(from), place: newId() };
      return insertNew(model, {
        ...key,
        id,
        from,
        at,
        body,
        ...(sender !== undefined && { sender }),
        handledAt: null,
        tries: 0,
      });
    },
    markHandled: async (message, at) => {
      await model.updateOne({ _id: keyOf(message) }, { $set: { handledAt: at } });
    },
    markFailed: async (message) => {
      const failed = await model
        .findOneAndUpdate({ _id: keyOf(message) }, { $inc: { tries: 1 } }, { returnDocument: 'after' })
        .lean<InboundDocument>();
      return failed?.tries ?? 0;
    },
    unhandled: async () =>
      (await model.find({ handledAt: null }).sort({ handledAt: 1, place: 1 }).lean<InboundDocument[]>()).map(read),
    ofChat: async (from, { after, limit }) => {
      const key = after === undefined ? null : keyOf({ id: after, from });
      const last = key === null ? null : await model.findOne({ _id: key }).lean<InboundDocument>();
      const chat = { chat: chatKey(from), ...(last && { place: { $gt: last.place } }) };
      const found = await model.find(chat).sort({ chat: 1, place: 1 }).limit(limit).lean<InboundDocument[]>();
      return found.map(read);
    },
    newestOfChat: async (from, limit) => {
      const chat = { chat: chatKey(from) };
      const found = await model.find(chat).sort({ chat: -1, place: -1 }).limit(limit).lean<InboundDocument[]>();
      return found.reverse().map(read);
    },
    eraseChats: async (chats, at) => {
      const said = { chat: { $in: chats.map(chatKey) } };
      await model.updateMany({ ...said, handledAt: null }, { $set: { handledAt: at } });
      const nothing = { body: { kind: 'text', text: '' }, 'from.address': '', chat: '' } as const;
      await model.updateMany(said, { $set: nothing });
    },
  };
}

function keyOf({ id, from }: Pick<InboundMessage, 'id' | 'from'>): string {
  return `${from.channel}:${id}`;
}

function read({ id, from, at, body, sender, handledAt, tries }: InboundDocument): StoredInbound {
  return { id, from, at, body, ...(sender !== undefined && { sender }), handledAt, tries };
}
