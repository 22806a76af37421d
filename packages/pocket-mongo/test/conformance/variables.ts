import { Int32 } from 'bson';
import type { ConformanceCase } from './conformance-case.ts';

const LET = 'reference/command/aggregate';
const FIND = 'reference/command/find';
const UPDATE = 'reference/command/update';
const EXPR = { $expr: { $gt: ['$a', '$$least'] } };
const DOCUMENTS = [
  { _id: 1, a: 1 },
  { _id: 2, a: 5 },
  { _id: 3, a: 9 },
];

/** Variables that a command brings with `let`. */
export const VARIABLES: readonly ConformanceCase[] = [
  {
    name: 'let is known in $match',
    source: LET,
    documents: DOCUMENTS,
    command: { aggregate: 'c', pipeline: [{ $match: EXPR }], cursor: {}, let: { least: 4 } },
    found: [
      { _id: 2, a: 5 },
      { _id: 3, a: 9 },
    ],
  },
  {
    name: 'let is known in a $match after other stages, and inside of $or',
    source: LET,
    documents: DOCUMENTS,
    command: {
      aggregate: 'c',
      pipeline: [{ $unset: 'b' }, { $match: { $or: [EXPR, { _id: 1 }] } }],
      cursor: {},
      let: { least: { $add: [4, 4] } },
    },
    found: [
      { _id: 1, a: 1 },
      { _id: 3, a: 9 },
    ],
  },
  {
    name: 'let is known in the filter of find',
    source: FIND,
    documents: DOCUMENTS,
    command: { find: 'c', filter: EXPR, let: { least: 8 } },
    found: [{ _id: 3, a: 9 }],
  },
  {
    name: 'let is known in the filter of an update',
    source: UPDATE,
    documents: DOCUMENTS,
    command: { update: 'c', updates: [{ q: EXPR, u: { $set: { a: 0 } }, multi: true }], let: { least: 4 } },
    reply: { n: new Int32(2) },
    after: [
      { _id: 1, a: 1 },
      { _id: 2, a: 0 },
      { _id: 3, a: 0 },
    ],
  },
  {
    name: 'a variable that nobody brought is an error',
    source: LET,
    documents: DOCUMENTS,
    command: { aggregate: 'c', pipeline: [{ $match: EXPR }], cursor: {} },
    error: 17276,
  },
];
