import type { Connection } from 'mongoose';
import type { Branch, BranchStore } from '../core/branch.ts';
import { createClinicRecords, type RecordDocument } from './clinic-records.ts';
import { collectionSchema, partSchema } from './schema.ts';

const schema = collectionSchema<RecordDocument<Branch>>('branches', {
  name: String,
  nameInMessages: String,
  timezone: String,
  country: String,
  currency: String,
  locale: String,
  phone: String,
  town: String,
  address: String,
  website: String,
  notes: String,
  head: partSchema({ name: String, email: String, telegram: String }),
  reviewSites: [partSchema({ site: String, url: String })],
  channels: [String],
  consentRequired: Boolean,
  bookingUrl: String,
  staffChat: String,
  senders: partSchema({ sms: String, emailName: String, replyTo: String }),
  changedAt: Date,
  changedBy: String,
  slotsGivenAt: Date,
});

/** Branches as other stores need them too. */
export interface BranchRecords extends BranchStore {
  /** Remembers that free slots were given for the branch; the first time stands. */
  markSlotsGiven(branch: string, at: Date): Promise<void>;
}

/** The branches of the clinic. `zoneChanged` is told after the commit of another time zone. */
export function createBranchStore(
  connection: Connection,
  zoneChanged: (branch: string) => Promise<void>,
): BranchRecords {
  const model = connection.model<RecordDocument<Branch>>('Branch', schema);
  const records = createClinicRecords<Branch>({ model, schema, list: 'branches', kept: ['slotsGivenAt'] });
  return {
    get: records.get,
    list: records.list,
    put: async (id, body, at, by) => {
      const { result, before } = await records.put(id, body, at, by);
      if (before !== null && before.timezone !== body.timezone) await zoneChanged(id);
      return result;
    },
    all: records.all,
    markSlotsGiven: async (branch, at) => {
      await model.updateOne({ _id: branch, slotsGivenAt: null }, { $set: { slotsGivenAt: at } });
    },
  };
}
