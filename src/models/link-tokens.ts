import type { Connection } from 'mongoose';
import { chatKey } from '../core/address.ts';
import type { LinkToken, LinkTokenStore } from '../core/staff.ts';
import { collectionSchema, type Keyed } from './schema.ts';
import { insertNew } from './upsert.ts';

/** The key is the token's hash; the token itself is nowhere. */
interface LinkTokenDocument extends LinkToken, Keyed {
  readonly usedBy?: string;
}

const schema = collectionSchema<LinkTokenDocument>('link-tokens', {
  kind: String,
  subject: String,
  expiresAt: Date,
  usedBy: String,
});
schema.index({ subject: 1 });

/** Codes as the composition of the stores needs them. */
export interface LinkTokenRecords extends LinkTokenStore {
  /** Takes away a patient's codes, and with them the chats that used them. */
  erasePatient(patient: string): Promise<void>;
}

/** One-time codes that link a chat to a patient or a member of staff. */
export function createLinkTokenStore(connection: Connection): LinkTokenRecords {
  const model = connection.model<LinkTokenDocument>('LinkToken', schema);
  return {
    add: async (hash, { kind, subject, expiresAt }) => {
      await insertNew(model, { _id: hash, kind, subject, expiresAt });
    },
    use: async (hash, chat, now) => {
      const usedBy = chatKey(chat);
      const good = { _id: hash, expiresAt: { $gt: now }, usedBy: { $in: [null, usedBy] } };
      const token = await model
        .findOneAndUpdate(good, { $set: { usedBy } }, { returnDocument: 'after' })
        .lean<LinkTokenDocument>();
      return token === null ? null : { kind: token.kind, subject: token.subject, expiresAt: token.expiresAt };
    },
    erasePatient: async (patient) => {
      await model.deleteMany({ subject: patient, kind: 'patient' });
    },
  };
}
