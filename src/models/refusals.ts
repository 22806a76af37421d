import type { Connection } from 'mongoose';
import type { RefusalStore } from '../core/patient.ts';
import { collectionSchema, type Keyed } from './schema.ts';
import { upsert } from './upsert.ts';

interface RefusalDocument extends Keyed {
  readonly stopped: boolean;
  readonly at: Date;
}

const schema = collectionSchema<RefusalDocument>('refusals', { stopped: Boolean, at: Date });

/** STOP and START by number or chat; outlives the patient's own data. */
export function createRefusalStore(connection: Connection): RefusalStore {
  const model = connection.model<RefusalDocument>('Refusal', schema);
  const set = (key: string, stopped: boolean, at: Date) => upsert(model, key, { $set: { stopped, at } });
  return {
    stop: (key, at) => set(key, true, at),
    start: (key, at) => set(key, false, at),
    stopped: async (keys) => {
      const found = await model.find({ _id: { $in: keys }, stopped: true }).lean<RefusalDocument[]>();
      return new Set(found.map(({ _id }) => _id));
    },
  };
}
