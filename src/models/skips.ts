import type { Connection } from 'mongoose';
import type { SkipRecord, SkipStore } from '../core/decision.ts';
import { subjectKey } from '../core/message.ts';
import { collectionSchema, type Keyed, partSchema } from './schema.ts';
import { upsert } from './upsert.ts';

interface SkipDocument extends SkipRecord, Keyed {
  readonly about: string;
}

const schema = collectionSchema<SkipDocument>('skips', {
  scenario: String,
  subject: partSchema({ appointment: String, patient: String }),
  patient: String,
  branch: String,
  reason: String,
  at: Date,
  about: String,
});
schema.index({ about: 1, at: -1 });

/** Looks that ended in a skip; a later look at the same step replaces the earlier one. */
export function createSkipStore(connection: Connection): SkipStore {
  const model = connection.model<SkipDocument>('Skip', schema);
  return {
    record: async ({ scenario, subject, patient, branch, reason, at }, unique) => {
      const about = subjectKey(subject);
      await upsert(model, unique, { $set: { scenario, subject, patient, branch, reason, at, about } });
    },
    ofSubject: async (subject) => {
      const found = model.find({ about: subjectKey(subject) }).sort({ at: -1, _id: -1 });
      return (await found.lean<SkipDocument[]>()).map(read);
    },
  };
}

function read({ scenario, subject, patient, branch, reason, at }: SkipDocument): SkipRecord {
  return { scenario, subject, patient, branch, reason, at };
}
