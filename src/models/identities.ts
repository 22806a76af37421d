import type { Connection } from 'mongoose';
import { type ChatAddress, chatKey } from '../core/address.ts';
import type { Identity, IdentityStore } from '../core/patient.ts';
import type { SaidThere } from './erasure.ts';
import { collectionSchema, type Keyed, knownFields } from './schema.ts';
import { upsert } from './upsert.ts';

interface IdentityDocument extends Identity, Keyed {}

const schema = collectionSchema<IdentityDocument>('identities', {
  channel: String,
  address: String,
  patient: String,
  linkedAt: Date,
  lastInboundAt: Date,
  lastOutboundAt: Date,
  closedAt: Date,
});
schema.index({ patient: 1 });
schema.index({ address: 1, channel: 1 });

/** Identities as the composition of the stores needs them. */
export interface IdentityRecords extends IdentityStore {
  /** Forgets every chat of a patient. */
  erasePatient(patient: string): Promise<void>;
  /** Forgets that wards are known by these chats, their guardian's. */
  eraseWards(said: SaidThere): Promise<void>;
}

/** The chats that patients are known by; one document a chat and patient. */
export function createIdentityStore(connection: Connection): IdentityRecords {
  const model = connection.model<IdentityDocument>('Identity', schema);
  const saw = async ({ channel, address }: ChatAddress, patient: string, update: Readonly<Record<string, unknown>>) => {
    const id = `${chatKey({ channel, address })} ${patient}`;
    await upsert(model, id, { $setOnInsert: { channel, address, patient }, ...update });
  };
  const ofPatients = async (patients: readonly string[]) => {
    const filter = { patient: { $in: patients } };
    return (await model.find(filter).sort({ _id: 1 }).lean<IdentityDocument[]>()).map(read);
  };
  return {
    ofPatient: (patient) => ofPatients([patient]),
    ofPatients,
    at: async ({ channel, address }) =>
      (await model.find({ channel, address }).sort({ _id: 1 }).lean<IdentityDocument[]>()).map(read),
    link: (address, patient, at) => saw(address, patient, { $set: { linkedAt: at }, $unset: { closedAt: 1 } }),
    // Who writes from a chat has it open.
    sawInbound: async (address, patients, at) => {
      for (const patient of patients) {
        await saw(address, patient, { $max: { lastInboundAt: at }, $unset: { closedAt: 1 } });
      }
    },
    sawOutbound: (address, patient, at) => saw(address, patient, { $max: { lastOutboundAt: at } }),
    close: async ({ channel, address }, at) => {
      const notSince = { $not: { $gt: at } };
      const open = { channel, address, lastInboundAt: notSince, linkedAt: notSince };
      await model.updateMany(open, { $set: { closedAt: at } });
    },
    erasePatient: async (patient) => {
      await model.deleteMany({ patient });
    },
    eraseWards: async ({ chats, wards }) => {
      for (const { channel, address } of chats) await model.deleteMany({ patient: { $in: wards }, channel, address });
    },
  };
}

function read(stored: IdentityDocument): Identity {
  return knownFields(schema, stored) as unknown as Identity;
}
