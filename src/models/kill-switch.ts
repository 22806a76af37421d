import type { Connection } from 'mongoose';
import type { KillSwitchStore } from '../core/scenario.ts';
import { collectionSchema, type Keyed } from './schema.ts';
import { upsert } from './upsert.ts';

interface KillSwitchDocument extends Keyed {
  readonly on: boolean;
  readonly at: Date;
}

const schema = collectionSchema<KillSwitchDocument>('kill-switch', { on: Boolean, at: Date });

const CLINIC = 'clinic';

/** The kill switch of the clinic, with the moment of its last change. */
export function createKillSwitchStore(connection: Connection): KillSwitchStore {
  const model = connection.model<KillSwitchDocument>('KillSwitch', schema);
  return {
    isOn: async () => (await model.findOne({ _id: CLINIC }).lean<KillSwitchDocument>())?.on ?? false,
    set: (on, at) => upsert(model, CLINIC, { $set: { on, at } }),
  };
}
