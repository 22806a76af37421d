import { Binary, BSONRegExp, Code, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from 'bson';
import type { Document } from 'mongodb';
import { type ConformanceCase, finds } from './conformance-case.ts';

const ORDER = 'reference/bson-type-comparison-order';

/**
 * One or more values of every BSON type, each type's in rising order; values in one list are equal to each other.
 * Operators compare within a type only, all numbers being one (manual: "Comparison/Sort Order", "Type Bracketing").
 */
const TYPES: readonly (readonly (readonly [string, unknown][])[])[] = [
  [[['null', null]]],
  [
    [['NaN', new Double(Number.NaN)]],
    [['int -1', new Int32(-1)]],
    [
      ['int 5', new Int32(5)],
      ['long 5', Long.fromNumber(5)],
      ['double 5', new Double(5)],
      ['decimal 5.0', Decimal128.fromString('5.0')],
    ],
    [['double 5.5', new Double(5.5)]],
    [['long 2^53 + 1', Long.fromString('9007199254740993')]],
    [['decimal 1E40', Decimal128.fromString('1E40')]],
  ],
  [[['an empty string', '']], [['"5"', '5']], [['"a"', 'a']]],
  [[['an empty document', {}]], [['a document', { x: 1 }]], [['a greater document', { x: 2 }]]],
  [[['binary', new Binary(Buffer.from([1]))]], [['longer binary', new Binary(Buffer.from([0, 0]))]]],
  [
    [['an ObjectId', new ObjectId('65f000000000000000000001')]],
    [['a greater ObjectId', new ObjectId('65f000000000000000000002')]],
  ],
  [[['false', false]], [['true', true]]],
  [[['a date before 1970', new Date(-1)]], [['a date', new Date(5)]]],
  [[['a timestamp', new Timestamp({ t: 1, i: 1 })]], [['a later timestamp', new Timestamp({ t: 1, i: 2 })]]],
  [[['code', new Code('f')]]],
];

interface Entry {
  readonly name: string;
  readonly value: unknown;
  readonly id: number;
  readonly type: number;
  readonly rank: number;
}

const ENTRIES: readonly Entry[] = TYPES.flatMap((ranks, type) =>
  ranks.flatMap((equals, rank) => equals.map(([name, value]) => ({ name, value, type, rank }))),
).map((entry, i) => ({ ...entry, id: i + 1 }));

const DOCUMENTS: readonly Document[] = ENTRIES.map(({ value }) => ({ a: value }));
const NOT_A_NUMBER = 'NaN';

type Compare = (other: Entry, operand: Entry) => boolean;

/** NaN is less than no number and greater than none; it equals itself. */
const isNaNApart = (a: Entry, b: Entry): boolean => (a.name === NOT_A_NUMBER) !== (b.name === NOT_A_NUMBER);
const same: Compare = (a, b) => a.type === b.type && a.rank === b.rank;
const below: Compare = (a, b) => a.type === b.type && a.rank < b.rank && !isNaNApart(a, b);
const above: Compare = (a, b) => a.type === b.type && a.rank > b.rank && !isNaNApart(a, b);

const OPERATORS: readonly (readonly [string, Compare, ((value: unknown) => unknown)?])[] = [
  ['$eq', same],
  ['$ne', (a, b) => !same(a, b)],
  ['$lt', below],
  ['$lte', (a, b) => below(a, b) || same(a, b)],
  ['$gt', above],
  ['$gte', (a, b) => above(a, b) || same(a, b)],
  ['$in', same, (value) => [value]],
  ['$nin', (a, b) => !same(a, b), (value) => [value]],
];

/** Every comparison operator with a value of every type, on values of every type. */
export const TYPE_PAIRS: readonly ConformanceCase[] = OPERATORS.flatMap(([operator, holds, wrap]) =>
  ENTRIES.map((operand) =>
    finds(
      ORDER,
      `${operator} ${operand.name} compares within its type only`,
      DOCUMENTS,
      { a: { [operator]: wrap ? wrap(operand.value) : operand.value } },
      ENTRIES.filter((other) => holds(other, operand)).map(({ id }) => id),
    ),
  ),
);

/** The same values in an index: it finds what a walk through everything finds. */
export const TYPE_PAIRS_BY_INDEX: readonly ConformanceCase[] = TYPE_PAIRS.map((one) => ({
  ...one,
  name: `${one.name}, by an index`,
  before: [{ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a_1' }] }],
}));

/** A regular expression is a value in `$in` and `$eq` lists of one, and nothing that can be greater. */
export const REGEX_PAIRS: readonly ConformanceCase[] = [
  ...['$gt', '$gte', '$lt', '$lte'].map((operator) =>
    finds(
      ORDER,
      `${operator} takes no regular expression`,
      [{ a: 'x' }],
      { a: { [operator]: new BSONRegExp('x') } },
      { error: 2 },
    ),
  ),
  finds(
    ORDER,
    '$eq finds a regular expression as a value',
    [{ a: 'x' }, { a: new BSONRegExp('x') }],
    { a: { $eq: new BSONRegExp('x') } },
    [2],
  ),
  finds(
    ORDER,
    '$in matches with a regular expression, and finds it as a value',
    [{ a: 'x' }, { a: new BSONRegExp('x') }, { a: 'y' }],
    { a: { $in: [new BSONRegExp('x')] } },
    [1, 2],
  ),
];
