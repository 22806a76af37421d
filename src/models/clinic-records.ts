import { isDeepStrictEqual } from 'node:util';
import type { Model, QueryFilter, Schema, UpdateQuery } from 'mongoose';
import type { Author, PutResult, Stamped } from '../core/author.ts';
import type { Page, PageRequest } from '../core/page.ts';
import { pageOf } from './paging.ts';
import { LOST, untilWon } from './races.ts';
import { assignment, type Keyed, knownFields } from './schema.ts';
import { insertNew } from './upsert.ts';

/** A clinic record as stored. */
export type RecordDocument<T extends Stamped> = Omit<T, 'id'> & Keyed;

/** What branches, doctors and services have in common: whole bodies given by the clinic under keys of its own. */
export interface ClinicRecords<T extends Stamped> {
  /** An equal body changes nothing, `changedAt` included. `before` is what stood there. */
  put(
    id: string,
    body: Omit<T, keyof Stamped>,
    at: Date,
    by: Author,
  ): Promise<{ result: PutResult<T>; before: T | null }>;
  get(id: string): Promise<T | null>;
  getMany(ids: readonly string[]): Promise<readonly T[]>;
  list(page: PageRequest): Promise<Page<T>>;
  all(): Promise<readonly T[]>;
}

/** `kept` are fields of ours in the document, which a PUT does not touch. */
export function createClinicRecords<T extends Stamped>({
  model,
  schema,
  list,
  kept = [],
}: {
  model: Model<RecordDocument<T>>;
  schema: Schema<RecordDocument<T>>;
  list: string;
  kept?: readonly (keyof T & string)[];
}): ClinicRecords<T> {
  type Stored = RecordDocument<T>;
  type Filter = QueryFilter<Stored>;
  const read = (document: Stored): T => ({ ...knownFields(schema, document), id: document._id }) as unknown as T;
  const find = async (id: string) => {
    const stored = await model.findOne({ _id: id } as Filter).lean<Stored>();
    return stored === null ? null : read(stored);
  };
  const write = async (document: Stored, isNew: boolean): Promise<boolean> => {
    if (isNew) return insertNew(model, document);
    const update = assignment(schema, document, kept) as UpdateQuery<Stored>;
    return (await model.updateOne({ _id: document._id } as Filter, update)).matchedCount === 1;
  };
  return {
    put: (id, body, at, by) =>
      untilWon(async () => {
        const before = await find(id);
        const fields = given(body);
        if (before !== null && isDeepStrictEqual(without(before, ['id', 'changedAt', 'changedBy', ...kept]), fields)) {
          return { result: { document: before, created: false, applied: true }, before };
        }
        const stored = { ...fields, _id: id, changedAt: at, changedBy: by } as unknown as Stored;
        if (!(await write(stored, before === null))) return LOST;
        const keptFields = before === null ? {} : Object.fromEntries(kept.map((name) => [name, before[name]]));
        const document = read({ ...keptFields, ...stored });
        return { result: { document, created: before === null, applied: true }, before };
      }),
    get: find,
    getMany: async (ids) => (await model.find({ _id: { $in: ids } } as Filter).lean<Stored[]>()).map(read),
    list: (page) => pageOf(model, { list, by: '_id', direction: 1 }, {}, page, read),
    all: async () => (await model.find().sort({ _id: 1 }).lean<Stored[]>()).map(read),
  };
}

function given(body: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function without(record: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}
