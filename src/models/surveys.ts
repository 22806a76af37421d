import type { Connection, QueryFilter, UpdateQuery } from 'mongoose';
import { localDay } from '../core/day-choices.ts';
import type { Survey, SurveyGroup, SurveyQuery, SurveyStore } from '../core/survey.ts';
import { pageOf } from './paging.ts';
import { LOST, untilWon } from './races.ts';
import { collectionSchema, type Keyed, knownFields, partSchema } from './schema.ts';
import { insertNew } from './upsert.ts';

interface SurveyDocument extends Omit<Survey, 'id'>, Keyed {}

const schema = collectionSchema<SurveyDocument>('surveys', {
  patient: String,
  appointment: String,
  doctor: String,
  branch: String,
  services: [String],
  score: Number,
  comment: String,
  contactRequested: Boolean,
  answeredAt: Date,
  takenCareOf: partSchema({ by: String, at: Date }),
  conversation: String,
});
schema.index({ answeredAt: -1, _id: -1 });
schema.index({ branch: 1, answeredAt: -1, _id: -1 });
schema.index({ doctor: 1, answeredAt: -1, _id: -1 });
schema.index({ patient: 1, doctor: 1, answeredAt: -1 });

/** Surveys as the composition of the stores needs them. */
export interface SurveyRecords extends SurveyStore {
  /** Erases a patient's comments; scores stay. */
  erasePatient(patient: string): Promise<void>;
}

type Filter = QueryFilter<SurveyDocument>;
type Scored = Pick<SurveyDocument, 'branch' | 'doctor' | 'services' | 'score' | 'answeredAt'>;

/** Answered surveys. */
export function createSurveyStore(connection: Connection): SurveyRecords {
  const model = connection.model<SurveyDocument>('Survey', schema);
  const get = async (id: string) => {
    const stored = await model.findOne({ _id: id }).lean<SurveyDocument>();
    return stored === null ? null : read(stored);
  };
  const update = async (filter: Filter, change: UpdateQuery<SurveyDocument>, id: string) => {
    await model.updateOne(filter, change);
    return get(id);
  };
  return {
    score: async ({ id, ...survey }) => {
      const document = { ...survey, _id: id, contactRequested: false };
      return (await insertNew(model, document)) ? read(document) : ((await get(id)) ?? read(document));
    },
    comment: (id, words) =>
      untilWon(async () => {
        const stored = await get(id);
        if (stored === null) return null;
        const comment = stored.comment === undefined ? words : `${stored.comment}\n${words}`;
        const seen = { _id: id, comment: stored.comment ?? null } as Filter;
        const written = await model.updateOne(seen, { $set: { comment } });
        return written.matchedCount === 1 ? { ...stored, comment } : LOST;
      }),
    requestContact: (id) => update({ _id: id }, { $set: { contactRequested: true } }, id),
    takeCare: (id, by, at) => update({ _id: id, takenCareOf: null }, { $set: { takenCareOf: { by, at } } }, id),
    get,
    list: (query, page) =>
      pageOf(model, { list: 'surveys', by: 'answeredAt', direction: -1 }, matching(query), page, read),
    summary: async (query, groupBy, zones) => {
      const keysOf = (survey: Scored): readonly string[] => {
        switch (groupBy) {
          case 'branch':
            return [survey.branch];
          case 'doctor':
            return [survey.doctor];
          case 'service':
            return survey.services;
          case 'month':
            return [localDay(survey.answeredAt, zones[survey.branch] ?? 'utc').slice(0, 7)];
        }
      };
      const scores = new Map<string, number[]>();
      // Read as a stream: the month is a matter of each branch's zone, and memory holds the groups only.
      for await (const survey of model.find(matching(query)).lean<SurveyDocument[]>().cursor()) {
        for (const key of keysOf(survey)) {
          const counts = scores.get(key) ?? [0, 0, 0, 0, 0];
          counts[survey.score - 1] = (counts[survey.score - 1] ?? 0) + 1;
          scores.set(key, counts);
        }
      }
      return [...scores].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, counts]) => groupOf(key, counts));
    },
    newestOf: async (patient, doctor) => {
      const stored = await model.findOne({ patient, doctor }).sort({ answeredAt: -1 }).lean<SurveyDocument>();
      return stored === null ? null : read(stored);
    },
    erasePatient: async (patient) => {
      await model.updateMany({ patient }, { $unset: { comment: 1 } });
    },
  };
}

function groupOf(key: string, counts: readonly number[]): SurveyGroup {
  const [one = 0, two = 0, three = 0, four = 0, five = 0] = counts;
  const answers = one + two + three + four + five;
  const sum = one + 2 * two + 3 * three + 4 * four + 5 * five;
  return { key, answers, average: sum / answers, scores: { 1: one, 2: two, 3: three, 4: four, 5: five } };
}

function read(stored: SurveyDocument): Survey {
  return { ...(knownFields(schema, stored) as Omit<Survey, 'id'>), id: stored._id };
}

function matching({ patient, branch, doctor, scoreUpTo, from, to }: SurveyQuery): Filter {
  return {
    ...(patient !== undefined && { patient }),
    ...(branch !== undefined && { branch }),
    ...(doctor !== undefined && { doctor }),
    ...(scoreUpTo !== undefined && { score: { $lte: scoreUpTo } }),
    ...((from ?? to) && { answeredAt: { ...(from && { $gte: from }), ...(to && { $lt: to }) } }),
  };
}
