import type { Connection } from 'mongoose';
import { type ChatAddress, chatKey } from '../core/address.ts';
import type { StaffMember, StaffStore } from '../core/staff.ts';
import { pageOf } from './paging.ts';
import { collectionSchema, type Keyed, knownFields, partSchema } from './schema.ts';
import { insertNew } from './upsert.ts';

interface StaffDocument extends Omit<StaffMember, 'id'>, Keyed {
  readonly linkedChat?: string;
}

const schema = collectionSchema<StaffDocument>('staff', {
  name: String,
  role: String,
  branches: [String],
  doctor: String,
  chat: partSchema<ChatAddress>({ channel: String, address: String }),
  linkedAt: Date,
  createdAt: Date,
  linkedChat: String,
});
schema.index({ linkedChat: 1 }, { sparse: true });
schema.index({ doctor: 1 }, { sparse: true });

/** Members of staff and the chats that they are linked to; a chat belongs to one of them at a time. */
export function createStaffStore(connection: Connection): StaffStore {
  const model = connection.model<StaffDocument>('Staff', schema);
  return {
    add: async ({ id, ...member }) => {
      await insertNew(model, { ...member, _id: id });
    },
    get: async (id) => {
      const stored = await model.findOne({ _id: id }).lean<StaffDocument>();
      return stored === null ? null : read(stored);
    },
    list: (page) => pageOf(model, { list: 'staff', by: '_id', direction: 1 }, {}, page, read),
    remove: async (id) => (await model.deleteOne({ _id: id })).deletedCount === 1,
    byChat: async (chat) => {
      const stored = await model.findOne({ linkedChat: chatKey(chat) }).lean<StaffDocument>();
      return stored === null ? null : read(stored);
    },
    ofDoctor: async (doctor) => {
      const linked = await model.find({ doctor }).sort({ _id: 1 }).lean<StaffDocument[]>();
      return linked.filter(({ linkedChat }) => linkedChat !== undefined).map(read);
    },
    link: async (id, chat, at) => {
      const linkedChat = chatKey(chat);
      const unlink = { $unset: { chat: 1, linkedAt: 1, linkedChat: 1 } } as const;
      await model.updateMany({ linkedChat, _id: { $ne: id } }, unlink);
      await model.updateOne({ _id: id }, { $set: { chat, linkedAt: at, linkedChat } });
    },
  };
}

function read(stored: StaffDocument): StaffMember {
  const { linkedChat: _linkedChat, ...fields } = knownFields(schema, stored);
  return { ...(fields as Omit<StaffMember, 'id'>), id: stored._id };
}
