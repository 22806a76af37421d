import type { Connection } from 'mongoose';
import type { Service, ServiceStore } from '../core/service.ts';
import { createClinicRecords, type RecordDocument } from './clinic-records.ts';
import { collectionSchema } from './schema.ts';

const schema = collectionSchema<RecordDocument<Service>>('services', {
  name: String,
  synonyms: [String],
  group: String,
  durationMinutes: Number,
  price: Number,
  tariff: String,
  recommendationsBefore: String,
  recommendationsAfter: String,
  recallAfter: String,
  memo: Boolean,
  changedAt: Date,
  changedBy: String,
});

/** Services of the clinic with their recommendation texts. */
export function createServiceStore(connection: Connection): ServiceStore {
  const model = connection.model<RecordDocument<Service>>('Service', schema);
  const records = createClinicRecords<Service>({ model, schema, list: 'services' });
  return {
    put: async (id, body, at, by) => (await records.put(id, body, at, by)).result,
    get: records.get,
    getMany: records.getMany,
    list: records.list,
    someLack: async (field) => (await model.exists({ [field]: { $in: [null, ''] } })) !== null,
  };
}
