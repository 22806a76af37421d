import type { Connection, QueryFilter } from 'mongoose';
import { type ChatAddress, chatKey } from '../core/address.ts';
import type { NewId } from '../core/clock.ts';
import type { SimulatedMessage, SimulatorStore } from '../core/simulator.ts';
import { collectionSchema, type Keyed, knownFields, partSchema } from './schema.ts';
import { createSimulatorState } from './simulator-state.ts';
import { insertNew } from './upsert.ts';

interface LineDocument extends Omit<SimulatedMessage, 'id'>, Keyed {
  readonly chat: string;
  /** Sorts by the order of storing. */
  readonly place: string;
}

const schema = collectionSchema<LineDocument>('simulated-lines', {
  at: partSchema<ChatAddress>({ channel: String, address: String }),
  from: String,
  sentAt: Date,
  text: String,
  choices: [partSchema({ id: String, title: String })],
  status: String,
  attemptId: String,
  messageId: String,
  body: {},
  chat: String,
  place: String,
});
schema.index({ chat: 1, place: 1 });
schema.index({ place: 1 });
schema.index({ attemptId: 1 }, { sparse: true });
schema.index({ messageId: 1 }, { sparse: true });

/** The simulated platforms as the composition of the stores needs them. */
export interface SimulatorRecords extends SimulatorStore {
  /** Empties these phones. */
  eraseChats(chats: readonly ChatAddress[]): Promise<void>;
  /** Takes these messages off whatever phones they arrived at. */
  eraseMessages(ids: readonly string[]): Promise<void>;
}

/** What the simulated platforms remember: the lines of every chat, and their state. */
export function createSimulatorStore(connection: Connection, newId: NewId): SimulatorRecords {
  const model = connection.model<LineDocument>('SimulatedLine', schema);
  const state = createSimulatorState(connection);
  const findOne = async (filter: QueryFilter<LineDocument>) => {
    const line = await model.findOne(filter).lean<LineDocument>();
    return line === null ? null : read(line);
  };
  return {
    ...state,
    add: async ({ id, ...line }) => {
      await insertNew(model, { ...line, _id: id, chat: chatKey(line.at), place: newId() });
    },
    byAttempt: (attemptId) => findOne({ attemptId }),
    byId: (id) => findOne({ _id: id }),
    ofChat: async (at, after) => {
      const last = after === undefined ? null : await model.findOne({ _id: after }).lean<LineDocument>();
      const lines = { chat: chatKey(at), ...(last && { place: { $gt: last.place } }) };
      return (await model.find(lines).sort({ chat: 1, place: 1 }).lean<LineDocument[]>()).map(read);
    },
    chats: async () => {
      const newest = await model.aggregate<{ line: string }>([
        { $sort: { place: -1 } },
        { $group: { _id: '$chat', line: { $first: '$_id' } } },
      ]);
      const ids = newest.map(({ line }) => line);
      return (
        await model
          .find({ _id: { $in: ids } })
          .sort({ place: -1 })
          .lean<LineDocument[]>()
      ).map(read);
    },
    markRead: async (at) => {
      const unread = { chat: chatKey(at), from: 'bot', status: { $ne: 'read' } } as const;
      const lines = await model.find(unread).sort({ chat: 1, place: 1 }).lean<LineDocument[]>();
      await model.updateMany({ _id: { $in: lines.map(({ _id }) => _id) } }, { $set: { status: 'read' } });
      return lines.map((line) => read({ ...line, status: 'read' }));
    },
    reset: async () => {
      for (const { name } of await connection.listCollections()) {
        if (!name.startsWith('system.')) await connection.collection(name).deleteMany({});
      }
    },
    eraseMessages: async (ids) => {
      await model.deleteMany({ messageId: { $in: ids } });
    },
    eraseChats: async (chats) => {
      await model.deleteMany({ chat: { $in: chats.map(chatKey) } });
      for (const chat of chats) await state.setReachable(chat, true);
    },
  };
}

function read(stored: LineDocument): SimulatedMessage {
  const { chat: _chat, place: _place, ...fields } = knownFields(schema, stored);
  return { ...(fields as Omit<SimulatedMessage, 'id'>), id: stored._id };
}
