import { Decimal128, Double, Long } from 'bson';
import { aggregates } from './conformance-case.ts';

const stage = (name: string): string => `reference/operator/aggregation/${name}`;
const FRUIT = [
  { _id: 1, kind: 'apple', n: 5 },
  { _id: 2, kind: 'pear', n: 3 },
  { _id: 3, kind: 'apple', n: 2 },
];
const sum = (n: unknown) => ({ $group: { _id: null, n } });

/** What $group makes of documents. */
export const GROUPING = [
  aggregates(
    stage('group'),
    '$group counts',
    FRUIT,
    [{ $group: { _id: '$kind', n: { $sum: 1 } } }, { $sort: { _id: 1 } }],
    [
      { _id: 'apple', n: 2 },
      { _id: 'pear', n: 1 },
    ],
  ),
  aggregates(
    stage('group'),
    '$group by a document',
    FRUIT,
    [{ $group: { _id: { k: '$kind' } } }, { $sort: { _id: 1 } }],
    [{ _id: { k: 'apple' } }, { _id: { k: 'pear' } }],
  ),
  aggregates(
    stage('group'),
    '$group by a document leaves out what is missing',
    [{ _id: 1 }],
    [{ $group: { _id: { k: '$kind' } } }],
    [{ _id: {} }],
  ),
  aggregates(
    stage('group'),
    'missing and null are one group',
    [{ _id: 1 }, { _id: 2, a: null }],
    [{ $group: { _id: '$a', n: { $sum: 1 } } }],
    [{ _id: null, n: 2 }],
  ),
  aggregates(
    stage('group'),
    'numbers of one value are one group',
    [
      { _id: 1, a: 5 },
      { _id: 2, a: Long.fromNumber(5) },
      { _id: 3, a: new Double(5) },
    ],
    [{ $group: { _id: '$a', n: { $sum: 1 } } }, { $project: { _id: 0 } }],
    [{ n: 3 }],
  ),
  aggregates(stage('group'), '$group of nothing is nothing', [], [sum({ $sum: 1 })], []),
  aggregates(stage('sum'), '$sum of ints is an int', FRUIT, [sum({ $sum: '$n' })], [{ _id: null, n: 10 }]),
  aggregates(
    stage('sum'),
    '$sum grows to a long',
    [
      { _id: 1, a: 2147483647 },
      { _id: 2, a: 1 },
    ],
    [sum({ $sum: '$a' })],
    [{ _id: null, n: Long.fromNumber(2147483648) }],
  ),
  aggregates(
    stage('sum'),
    '$sum with a double is a double',
    [
      { _id: 1, a: 1 },
      { _id: 2, a: new Double(2) },
    ],
    [sum({ $sum: '$a' })],
    [{ _id: null, n: new Double(3) }],
  ),
  aggregates(
    stage('sum'),
    '$sum with a decimal is a decimal',
    [
      { _id: 1, a: 1 },
      { _id: 2, a: Decimal128.fromString('0.10') },
    ],
    [sum({ $sum: '$a' })],
    [{ _id: null, n: Decimal128.fromString('1.10') }],
  ),
  aggregates(
    stage('sum'),
    '$sum leaves out what is no number',
    [{ _id: 1, a: 'x' }, { _id: 2, a: [5] }, { _id: 3 }],
    [sum({ $sum: '$a' })],
    [{ _id: null, n: 0 }],
  ),
  aggregates(stage('avg'), '$avg is a double', FRUIT, [sum({ $avg: '$n' })], [{ _id: null, n: new Double(10 / 3) }]),
  aggregates(
    stage('avg'),
    '$avg of no number is null',
    [{ _id: 1, a: 'x' }],
    [sum({ $avg: '$a' })],
    [{ _id: null, n: null }],
  ),
  aggregates(
    stage('min'),
    '$min leaves out null and missing',
    [{ _id: 1, a: null }, { _id: 2, a: 3 }, { _id: 3 }],
    [sum({ $min: '$a' })],
    [{ _id: null, n: 3 }],
  ),
  aggregates(
    stage('max'),
    '$max by the order of types',
    [
      { _id: 1, a: 9 },
      { _id: 2, a: 'x' },
    ],
    [sum({ $max: '$a' })],
    [{ _id: null, n: 'x' }],
  ),
  aggregates(
    stage('first'),
    '$first of sorted documents',
    FRUIT,
    [{ $sort: { n: 1 } }, sum({ $first: '$_id' })],
    [{ _id: null, n: 3 }],
  ),
  aggregates(
    stage('first'),
    '$first of a missing value is null',
    [{ _id: 1 }],
    [sum({ $first: '$a' })],
    [{ _id: null, n: null }],
  ),
  aggregates(
    stage('last'),
    '$last of sorted documents',
    FRUIT,
    [{ $sort: { n: 1 } }, sum({ $last: '$_id' })],
    [{ _id: null, n: 1 }],
  ),
  aggregates(
    stage('push'),
    '$push leaves out missing, not null',
    [{ _id: 1, a: 1 }, { _id: 2, a: null }, { _id: 3 }],
    [{ $sort: { _id: 1 } }, sum({ $push: '$a' })],
    [{ _id: null, n: [1, null] }],
  ),
  aggregates(
    stage('addToSet'),
    '$addToSet takes each value once',
    [
      { _id: 1, a: 1 },
      { _id: 2, a: Long.fromNumber(1) },
    ],
    [{ $sort: { _id: 1 } }, sum({ $addToSet: '$a' }), { $project: { n: { $size: '$n' } } }],
    [{ _id: null, n: 1 }],
  ),
  aggregates(
    stage('count-accumulator'),
    '$count as an accumulator',
    FRUIT,
    [sum({ $count: {} })],
    [{ _id: null, n: 3 }],
  ),
  aggregates(stage('group'), '$group wants _id', FRUIT, [{ $group: { n: { $sum: 1 } } }], { error: 15955 }),
  aggregates(stage('group'), '$group wants accumulators', FRUIT, [{ $group: { _id: 1, n: 5 } }], { error: 40234 }),
  aggregates(stage('group'), '$group knows its accumulators', FRUIT, [{ $group: { _id: 1, n: { $foo: 1 } } }], {
    error: 15952,
  }),
  aggregates(
    stage('group'),
    '$group takes one accumulator a field',
    FRUIT,
    [{ $group: { _id: 1, n: { $sum: 1, $avg: 1 } } }],
    { error: 40238 },
  ),
  aggregates(stage('group'), '$group takes no dotted name', FRUIT, [{ $group: { _id: 1, 'a.b': { $sum: 1 } } }], {
    error: 40235,
  }),
];
