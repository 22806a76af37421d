import { Decimal128, Double, Long, ObjectId } from 'bson';
import type { Document } from 'mongodb';
import type { Chance } from './chance.ts';

const FIELDS = ['a', 'b', 'c'] as const;
const PATHS = ['a', 'b', 'c', 'c.x', 'c.y', 'a.0'] as const;

/** Few different values, of many types, so that filters meet documents. */
function value(chance: Chance): unknown {
  const small = chance.below(6);
  switch (chance.below(14)) {
    case 0:
      return null;
    case 1:
      return 'k'.repeat(small);
    case 2:
      return small % 2 === 0;
    case 3:
      return new Date(small * 1_000);
    case 4:
      return Long.fromNumber(small);
    case 5:
      return new Double(small + 0.5);
    case 6:
      return Decimal128.fromString(`${String(small)}.0`);
    case 7:
      return ObjectId.createFromTime(small);
    default:
      return small;
  }
}

function held(chance: Chance): unknown {
  switch (chance.below(8)) {
    case 0:
      return Array.from({ length: chance.below(4) }, () => value(chance));
    case 1:
      return { x: value(chance), ...(chance.below(2) === 0 ? { y: value(chance) } : {}) };
    case 2:
      return Array.from({ length: 1 + chance.below(2) }, () => ({ x: value(chance), y: value(chance) }));
    default:
      return value(chance);
  }
}

/** A document with some of the fields. */
export function randomDocument(_id: number, chance: Chance): Document {
  const fields = FIELDS.filter(() => chance.below(5) > 0).map((name) => [name, held(chance)] as const);
  return { _id, ...Object.fromEntries(fields) };
}

function condition(chance: Chance): unknown {
  switch (chance.below(12)) {
    case 0:
      return { $in: [value(chance), value(chance)] };
    case 1:
      return { $gt: value(chance) };
    case 2:
      return { $gte: value(chance), $lt: value(chance) };
    case 3:
      return { $lte: value(chance) };
    case 4:
      return { $exists: chance.below(2) === 0 };
    case 5:
      return { $ne: value(chance) };
    case 6:
      return { $elemMatch: { $gte: value(chance), $lte: value(chance) } };
    case 7:
      return { $elemMatch: { x: value(chance), y: { $gte: value(chance) } } };
    case 8:
      return { $nin: [value(chance)] };
    case 9:
      return { $not: { $lt: value(chance) } };
    default:
      return value(chance);
  }
}

/** A filter over one to three paths, now and then with `$or`. */
export function randomFilter(chance: Chance, depth = 0): Document {
  if (depth < 2 && chance.below(6) === 0)
    return {
      [chance.of(['$or', '$and', '$nor'])]: [randomFilter(chance, depth + 1), randomFilter(chance, depth + 1)],
      ...(chance.below(2) === 0 ? { [chance.of(PATHS)]: condition(chance) } : {}),
    };
  const paths = Array.from({ length: 1 + chance.below(3) }, () => chance.of(PATHS));
  return Object.fromEntries(paths.map((path) => [path, condition(chance)]));
}

const direction = (chance: Chance): 1 | -1 => (chance.below(2) === 0 ? 1 : -1);

/** A sort over one or two paths. */
export const randomSort = (chance: Chance): Record<string, 1 | -1> =>
  Object.fromEntries(Array.from({ length: 1 + chance.below(2) }, () => [chance.of(PATHS), direction(chance)]));

/** An index over one to three paths; some are sparse or partial. */
export function randomIndex(chance: Chance, number: number): Document {
  const key = Object.fromEntries(
    Array.from({ length: 1 + chance.below(3) }, () => [chance.of(['a', 'b', 'c', 'c.x', 'c.y']), direction(chance)]),
  );
  const kind = chance.below(6);
  return {
    key,
    name: `index${String(number)}`,
    ...(kind === 0 && { sparse: true }),
    ...(kind === 1 && { partialFilterExpression: { [chance.of(FIELDS)]: { $gt: chance.below(4) } } }),
    ...(kind === 2 && { partialFilterExpression: { [chance.of(FIELDS)]: { $exists: true } } }),
  };
}

/** A change of one field. */
export function randomUpdate(chance: Chance): Document {
  const name = chance.of(FIELDS);
  switch (chance.below(4)) {
    case 0:
      return { $unset: { [name]: '' } };
    case 1:
      return { $set: { [name]: held(chance) } };
    case 2:
      return { $set: { [name]: Array.from({ length: chance.below(4) }, () => value(chance)) } };
    default:
      return { $set: { [name]: value(chance) } };
  }
}
