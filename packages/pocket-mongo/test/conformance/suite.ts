import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EJSON } from 'bson';
import { type Db, type Document, MongoClient, MongoServerError } from 'mongodb';
import { AGGREGATION } from './aggregation.ts';
import { ARRAY_UPDATES } from './array-updates.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { DATES } from './dates.ts';
import { ERRORS } from './errors.ts';
import { EXPRESSIONS } from './expressions.ts';
import { GROUPING } from './groups.ts';
import { INDEXES } from './indexes.ts';
import { QUERIES } from './queries.ts';
import { QUERY_OPERATORS } from './query-operators.ts';
import { REGEX_PAIRS, TYPE_PAIRS, TYPE_PAIRS_BY_INDEX } from './type-pairs.ts';
import { UPDATES } from './updates.ts';
import { VARIABLES } from './variables.ts';

const RAW = { promoteValues: false, promoteLongs: false } as const;
const GROUPS: Readonly<Record<string, readonly ConformanceCase[]>> = {
  queries: QUERIES,
  'query operators': QUERY_OPERATORS,
  updates: UPDATES,
  'array updates': ARRAY_UPDATES,
  expressions: EXPRESSIONS,
  dates: DATES,
  aggregation: AGGREGATION,
  groups: GROUPING,
  indexes: INDEXES,
  errors: ERRORS,
  variables: VARIABLES,
  'pairs of types': [...TYPE_PAIRS, ...REGEX_PAIRS],
  'pairs of types in an index': TYPE_PAIRS_BY_INDEX,
};

/** Values with their number types, in a form that shows where two of them differ. */
const plain = (value: unknown): unknown =>
  JSON.parse(EJSON.stringify(value, { relaxed: false }), (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.entries(part) : part,
  );

async function errorOf(db: Db, command: Document): Promise<number | undefined> {
  try {
    const reply = await db.command(command);
    const [failed] = (reply['writeErrors'] ?? []) as { code: number }[];
    return failed?.code;
  } catch (error) {
    if (error instanceof MongoServerError) return Number(error.code);
    throw error;
  }
}

async function run(db: Db, { documents, others, before, command, ...wanted }: ConformanceCase): Promise<void> {
  for (const name of ['c', 'd']) await db.collection(name).drop();
  if (documents && documents.length > 0) await db.collection('c').insertMany([...documents]);
  if (others && others.length > 0) await db.collection('d').insertMany([...others]);
  for (const step of before ?? []) await db.command(step);
  if (wanted.error !== undefined) {
    expect(await errorOf(db, command)).toBe(wanted.error);
    return;
  }
  const reply = await db.command(command, RAW);
  expect(reply['writeErrors']).toBeUndefined();
  if (wanted.found) expect(plain((reply['cursor'] as Document)['firstBatch'])).toEqual(plain(wanted.found));
  if (wanted.reply) {
    const picked = Object.fromEntries(Object.keys(wanted.reply).map((name) => [name, reply[name]]));
    expect(plain(picked)).toEqual(plain(wanted.reply));
  }
  if (wanted.after)
    expect(plain(await db.collection('c').find({}, RAW).sort({ _id: 1 }).toArray())).toEqual(plain(wanted.after));
}

/** Holds a server to MongoDB's rules; `start` gives its uri. The same tests run on pocket-mongo and on a mongod. */
export function suite(name: string, start: () => string | Promise<string>): void {
  describe(`MongoDB's rules on ${name}`, () => {
    let client: MongoClient;
    let db: Db;
    beforeAll(async () => {
      client = await new MongoClient(await start()).connect();
      db = client.db(`conformance-${String(process.pid)}`);
    });
    afterAll(async () => {
      await db.dropDatabase();
      await client.close();
    });
    for (const [group, cases] of Object.entries(GROUPS))
      describe(group, () => {
        test.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
          await run(db, one);
        });
      });
  });
}
