import type { Connection } from 'mongoose';
import type { Doctor, DoctorStore } from '../core/doctor.ts';
import { createClinicRecords, type RecordDocument } from './clinic-records.ts';
import { collectionSchema } from './schema.ts';

const schema = collectionSchema<RecordDocument<Doctor>>('doctors', {
  name: String,
  branches: [String],
  specialty: String,
  memo: Boolean,
  phone: String,
  address: String,
  email: String,
  telegram: String,
  changedAt: Date,
  changedBy: String,
});

/** Doctors, kept under the clinic's own keys. */
export function createDoctorStore(connection: Connection): DoctorStore {
  const model = connection.model<RecordDocument<Doctor>>('Doctor', schema);
  const records = createClinicRecords<Doctor>({ model, schema, list: 'doctors' });
  return {
    put: async (id, body, at, by) => (await records.put(id, body, at, by)).result,
    get: records.get,
    getMany: records.getMany,
    list: records.list,
  };
}
