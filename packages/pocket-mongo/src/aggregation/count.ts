import { Int32, Long } from 'bson';
import { MongoError } from '../errors.ts';
import { MISS } from '../read/source.ts';
import { toInteger } from '../values/number.ts';
import { show } from '../values/show.ts';
import { type Doc, isNumeric, type Value } from '../values/value.ts';
import type { Stage } from './stage.ts';

function quantity(stage: '$limit' | '$skip', argument: Value): number {
  const code = stage === '$limit' ? 5107201 : 5107200;
  const integer = isNumeric(argument) ? toInteger(argument) : undefined;
  const expected = !isNumeric(argument) ? 'a number' : integer === undefined ? 'an integer' : 'a non-negative number';
  if (integer === undefined || integer < 0)
    throw new MongoError(
      code,
      `invalid argument to ${stage} stage: Expected ${expected} in: ${stage}: ${show(argument)}`,
    );
  return integer;
}

/** The argument of `$limit`. */
export function limitOf(argument: Value): number {
  const limit = quantity('$limit', argument);
  if (limit === 0) throw new MongoError(15958, 'the limit must be positive');
  return limit;
}

/** The argument of `$skip`. */
export const skipOf = (argument: Value): number => quantity('$skip', argument);

/** `$limit`: stops asking for documents when it has given enough. */
export const limiting = (limit: number): Stage =>
  function* (docs) {
    let left = limit;
    for (const doc of docs) {
      yield doc;
      if (doc !== MISS && --left === 0) return;
    }
  };

export const skipping = (skip: number): Stage =>
  function* (docs) {
    let left = skip;
    for (const doc of docs) {
      if (left > 0 && doc !== MISS) {
        left--;
        yield MISS;
      } else yield doc;
    }
  };

/** `$count`: one document with the number of documents, none when there were none. */
export function compileCount(argument: Value): Stage {
  if (typeof argument !== 'string') throw new MongoError(40156, 'the count field must be a non-empty string');
  if (argument === '') throw new MongoError(40157, 'the count field must be a non-empty string');
  if (argument.startsWith('$')) throw new MongoError(40158, 'the count field cannot be a $-prefixed path');
  if (argument.includes('\0')) throw new MongoError(40159, 'the count field cannot contain a null byte');
  if (argument.includes('.')) throw new MongoError(40160, "the count field cannot contain '.'");
  return function* (docs) {
    let count = 0;
    for (const doc of docs) {
      if (doc !== MISS) count++;
      yield MISS;
    }
    const out: Doc = { [argument]: count > 2147483647 ? Long.fromNumber(count) : new Int32(count) };
    if (count > 0) yield out;
  };
}
