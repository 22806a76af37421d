import type { Connection, QueryFilter } from 'mongoose';
import { type ChatAddress, chatKey } from '../core/address.ts';
import type { Conversation, ConversationQuery, ConversationStore } from '../core/conversation.ts';
import type { SaidThere } from './erasure.ts';
import { pageOf } from './paging.ts';
import { assignment, collectionSchema, type Keyed, knownFields, partSchema } from './schema.ts';
import { insertNew } from './upsert.ts';

interface ConversationDocument extends Omit<Conversation, 'id'>, Keyed {
  readonly chat: string;
  /** True while effects wait to be carried out. */
  readonly unfinished?: true;
}

const schema = collectionSchema<ConversationDocument>('conversations', {
  at: partSchema<ChatAddress>({ channel: String, address: String }),
  patient: String,
  branch: String,
  locale: String,
  machine: String,
  version: Number,
  snapshot: {},
  state: String,
  status: String,
  outcome: String,
  appointments: [String],
  choices: [{}],
  messages: [String],
  openedAt: Date,
  changedAt: Date,
  wakeAt: Date,
  pending: [{}],
  heard: [String],
  rev: Number,
  chat: String,
  unfinished: Boolean,
});
schema.index({ chat: 1, changedAt: -1 });
schema.index({ appointments: 1 });
schema.index({ wakeAt: 1 }, { partialFilterExpression: { wakeAt: { $gt: new Date(0) } } });
schema.index({ unfinished: 1 }, { sparse: true });
schema.index({ patient: 1, openedAt: -1, _id: -1 });
schema.index({ branch: 1, openedAt: -1, _id: -1 });
schema.index({ openedAt: -1, _id: -1 });

/** Conversations as the composition of the stores needs them. */
export interface ConversationRecords extends ConversationStore {
  /** Erases the words and the address of every conversation of a patient; open ones end. */
  erasePatient(patient: string, at: Date): Promise<void>;
  /** Those in these chats in which the patient was not known yet, or was a ward. */
  idsThere(said: SaidThere): Promise<readonly string[]>;
  /** Erases them in the same way. */
  eraseThere(said: SaidThere, at: Date): Promise<void>;
}

type Filter = QueryFilter<ConversationDocument>;

const ANY_WAKE = new Date(0);

/** Conversations, saved whole after every step by compare-and-set on rev. */
export function createConversationStore(connection: Connection): ConversationRecords {
  const model = connection.model<ConversationDocument>('Conversation', schema);
  const findAll = async (filter: Filter, order: Record<string, 1 | -1>, limit = 0) =>
    (await model.find(filter).sort(order).limit(limit).lean<ConversationDocument[]>()).map(read);
  const there = ({ chats, wards }: SaidThere): Filter => ({
    chat: { $in: chats.map(chatKey) },
    patient: { $in: [null, ...wards] },
  });
  const erase = async (filter: Filter, at: Date): Promise<void> => {
    const closed = { status: 'closed', state: 'erased', wakeAt: null, changedAt: at } as const;
    await model.updateMany(
      { ...filter, status: { $ne: 'closed' } },
      { $set: { ...closed, outcome: 'erased' }, $inc: { rev: 1 } },
    );
    await model.updateMany(filter, {
      $set: { snapshot: null, choices: [], pending: [], 'at.address': '', chat: '' },
      $unset: { unfinished: 1 },
      $inc: { rev: 1 },
    });
  };
  return {
    open: async (conversation) => {
      await insertNew(model, asDocument(conversation));
    },
    get: async (id) => {
      const stored = await model.findOne({ _id: id }).lean<ConversationDocument>();
      return stored === null ? null : read(stored);
    },
    save: async (conversation) => {
      const saved = { ...conversation, rev: conversation.rev + 1 };
      const seen = { _id: conversation.id, rev: conversation.rev };
      const written = await model.updateOne(seen, assignment(schema, asDocument(saved)));
      return written.matchedCount === 1 ? saved : null;
    },
    withdraw: async (id) => {
      // One that was answered did go out: a refused second request takes nothing away.
      await model.deleteOne({ _id: id, heard: [] });
    },
    ofChat: (at, closedSince) => {
      const recent = { $or: [{ status: { $ne: 'closed' } }, { changedAt: { $gte: closedSince } }] };
      return findAll({ chat: chatKey(at), ...recent } as Filter, { openedAt: -1, _id: -1 });
    },
    openAbout: (appointment) =>
      findAll({ appointments: appointment, status: { $ne: 'closed' } }, { openedAt: -1, _id: -1 }),
    list: (query, page) =>
      pageOf(model, { list: 'conversations', by: 'openedAt', direction: -1 }, matching(query), page, read),
    nextWakeAt: async () => {
      const next = await model
        .findOne({ wakeAt: { $gt: ANY_WAKE } })
        .sort({ wakeAt: 1 })
        .lean<ConversationDocument>();
      return next?.wakeAt ?? null;
    },
    due: (now, limit) => findAll({ wakeAt: { $gt: ANY_WAKE, $lte: now } }, { wakeAt: 1, _id: 1 }, limit),
    withPending: (limit) => findAll({ unfinished: true }, { changedAt: 1, _id: 1 }, limit),
    outcomes: async (ids) => {
      const found = await findAll({ _id: { $in: ids } }, { _id: 1 });
      return found.map(({ id, outcome, heard }) => ({ id, outcome: outcome ?? null, answered: heard.length > 0 }));
    },
    erasePatient: (patient, at) => erase({ patient }, at),
    idsThere: async (said) => (await findAll(there(said), { _id: 1 })).map(({ id }) => id),
    eraseThere: (said, at) => erase(there(said), at),
  };
}

function asDocument({ id, ...conversation }: Conversation): ConversationDocument {
  const unfinished = conversation.pending.length > 0;
  return { ...conversation, _id: id, chat: chatKey(conversation.at), ...(unfinished && { unfinished }) };
}

function read(stored: ConversationDocument): Conversation {
  const { chat: _chat, unfinished: _unfinished, ...fields } = knownFields(schema, stored);
  return { ...(fields as Omit<Conversation, 'id'>), id: stored._id };
}

function matching({ patient, branch, status }: ConversationQuery): Filter {
  return {
    ...(patient !== undefined && { patient }),
    ...(branch !== undefined && { branch }),
    ...(status !== undefined && { status }),
  };
}
