import { Int32 } from 'bson';
import type { ConformanceCase } from './conformance-case.ts';

const LET = 'reference/command/aggregate';
const FIND = 'reference/command/find';
const UPDATE = 'reference/command/update';
const DELETE = 'reference/command/delete';
const FIND_AND_MODIFY = 'reference/command/findAndModify';
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
    name: 'let is known in the projection of find',
    source: FIND,
    documents: DOCUMENTS,
    command: { find: 'c', filter: { _id: 2 }, projection: { more: { $add: ['$a', '$$least'] } }, let: { least: 8 } },
    found: [{ _id: 2, more: new Int32(13) }],
  },
  {
    name: 'let is known in the pipeline of an update',
    source: UPDATE,
    documents: DOCUMENTS,
    command: { update: 'c', updates: [{ q: { _id: 1 }, u: [{ $set: { a: '$$least' } }] }], let: { least: 4 } },
    after: [
      { _id: 1, a: 4 },
      { _id: 2, a: 5 },
      { _id: 3, a: 9 },
    ],
  },
  {
    name: 'a statement of an update has constants of its own beside let',
    source: UPDATE,
    documents: DOCUMENTS,
    command: {
      update: 'c',
      updates: [{ q: EXPR, u: [{ $set: { a: '$$mine' } }], c: { mine: 7 }, multi: true }],
      let: { least: 4 },
    },
    after: [
      { _id: 1, a: 1 },
      { _id: 2, a: 7 },
      { _id: 3, a: 7 },
    ],
  },
  {
    name: 'let is known in the filter of a delete of many',
    source: DELETE,
    documents: DOCUMENTS,
    command: { delete: 'c', deletes: [{ q: EXPR, limit: 0 }], let: { least: 4 } },
    reply: { n: new Int32(2) },
    after: [{ _id: 1, a: 1 }],
  },
  {
    name: 'let is known in the filter of a delete of one, beside other conditions',
    source: DELETE,
    documents: DOCUMENTS,
    command: {
      delete: 'c',
      deletes: [{ q: { _id: { $gt: 2 }, ...EXPR }, limit: 1 }],
      let: { least: { $add: [2, 2] } },
    },
    reply: { n: new Int32(1) },
    after: [
      { _id: 1, a: 1 },
      { _id: 2, a: 5 },
    ],
  },
  {
    name: 'let is known in the filter, the update and the fields of findAndModify',
    source: FIND_AND_MODIFY,
    documents: DOCUMENTS,
    command: {
      findAndModify: 'c',
      query: EXPR,
      sort: { a: -1 },
      update: [{ $set: { a: { $add: ['$a', '$$least'] } } }],
      fields: { _id: 1, twice: { $multiply: ['$$least', 2] } },
      new: true,
      let: { least: 4 },
    },
    reply: { value: { _id: 3, twice: new Int32(8) } },
    after: [
      { _id: 1, a: 1 },
      { _id: 2, a: 5 },
      { _id: 3, a: 13 },
    ],
  },
  {
    name: 'let is known in the filter of a findAndModify that removes',
    source: FIND_AND_MODIFY,
    documents: DOCUMENTS,
    command: { findAndModify: 'c', query: EXPR, sort: { a: 1 }, remove: true, let: { least: 4 } },
    reply: { value: { _id: 2, a: 5 } },
    after: [
      { _id: 1, a: 1 },
      { _id: 3, a: 9 },
    ],
  },
  {
    name: 'a variable of let may use those before it',
    source: LET,
    documents: DOCUMENTS,
    command: {
      aggregate: 'c',
      pipeline: [{ $match: { $expr: { $eq: ['$a', '$$second'] } } }],
      cursor: {},
      let: { first: 4, second: { $add: ['$$first', 1] } },
    },
    found: [{ _id: 2, a: 5 }],
  },
  {
    name: 'a variable of let does not see a document',
    source: LET,
    documents: DOCUMENTS,
    command: { delete: 'c', deletes: [{ q: EXPR, limit: 0 }], let: { least: '$a' } },
    error: 4890500,
  },
  {
    name: 'a variable of let begins with a small letter',
    source: LET,
    documents: DOCUMENTS,
    command: { delete: 'c', deletes: [{ q: EXPR, limit: 0 }], let: { Least: 4 } },
    error: 9,
  },
  {
    name: 'a variable that nobody brought is an error in a delete too',
    source: DELETE,
    documents: DOCUMENTS,
    command: { delete: 'c', deletes: [{ q: EXPR, limit: 0 }] },
    error: 17276,
  },
  {
    name: 'a variable that nobody brought is an error',
    source: LET,
    documents: DOCUMENTS,
    command: { aggregate: 'c', pipeline: [{ $match: EXPR }], cursor: {} },
    error: 17276,
  },
];
