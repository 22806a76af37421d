import { MongoError } from '../errors.ts';
import { toDouble } from '../values/number.ts';
import { show } from '../values/show.ts';
import { typeName } from '../values/type-name.ts';
import { type Doc, field, isDoc, setField, type Value } from '../values/value.ts';
import { between, taking, takingAny } from './operands.ts';
import type { Operator } from './scope.ts';
import { compareResults, isNothing } from './truth.ts';
import { wholeOperand } from './whole-operand.ts';

function elementAt(array: Value, position: Value): Value {
  if (isNothing(array) || isNothing(position)) return null;
  if (!Array.isArray(array))
    throw new MongoError(28689, `$arrayElemAt's first argument must be an array, but is ${typeName(array)}`);
  const at = wholeOperand(position, "$arrayElemAt's second argument", [28690, 28691]);
  return array[at < 0 ? array.length + at : at];
}

const end = (name: string, at: number): readonly [string, Operator] =>
  taking(name, 1, (array) => {
    if (isNothing(array)) return null;
    if (!Array.isArray(array))
      throw new MongoError(28689, `${name}'s argument must be an array, but is ${typeName(array)}`);
    return array.at(at);
  });

function indexOf(array: Value, wanted: Value, from: Value, to: Value): Value {
  if (isNothing(array)) return null;
  if (!Array.isArray(array))
    throw new MongoError(40090, `$indexOfArray requires an array as a first argument, found: ${typeName(array)}`);
  const start = from === undefined ? 0 : wholeOperand(from, '$indexOfArray starting index', [40096, 40096]);
  const stop = to === undefined ? array.length : wholeOperand(to, '$indexOfArray ending index', [40096, 40096]);
  if (start < 0 || stop < 0)
    throw new MongoError(40097, `$indexOfArray requires a nonnegative index, found: ${String(Math.min(start, stop))}`);
  for (let i = start; i < Math.min(stop, array.length); i++) if (compareResults(array[i], wanted) === 0) return i;
  return -1;
}

function concat(arrays: Value[]): Value {
  const out: Value[] = [];
  for (const array of arrays) {
    if (isNothing(array)) return null;
    if (!Array.isArray(array))
      throw new MongoError(28664, `$concatArrays only supports arrays, not ${typeName(array)}`);
    out.push(...array);
  }
  return out;
}

function slice(array: Value, first: Value, ...rest: Value[]): Value {
  if (isNothing(array) || isNothing(first)) return null;
  if (!Array.isArray(array))
    throw new MongoError(28724, `First argument to $slice must be an array, but is of type: ${typeName(array)}`);
  const from = wholeOperand(first, 'Second argument to $slice', [28725, 28726]);
  if (rest.length === 0) return from >= 0 ? array.slice(0, from) : array.slice(from);
  if (isNothing(rest[0])) return null;
  const count = wholeOperand(rest[0], 'Third argument to $slice', [28727, 28728]);
  if (count <= 0) throw new MongoError(28729, `Third argument to $slice must be positive: ${String(count)}`);
  const start = from < 0 ? Math.max(0, array.length + from) : from;
  return array.slice(start, start + count);
}

function range(from: Value, to: Value, by: Value): Value {
  const start = wholeOperand(from, '$range requires a numeric starting value which', [34443, 34444]);
  const stop = wholeOperand(to, '$range requires a numeric ending value which', [34445, 34446]);
  const step = by === undefined ? 1 : wholeOperand(by, '$range requires a numeric step value which', [34447, 34448]);
  if (step === 0) throw new MongoError(34449, '$range requires a non-zero step value');
  const out: Value[] = [];
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) out.push(i);
  return out;
}

function toObject(array: Value): Value {
  if (isNothing(array)) return null;
  if (!Array.isArray(array))
    throw new MongoError(40386, `$arrayToObject requires an array input, found: ${typeName(array)}`);
  const pairs = Array.isArray(array[0]);
  const out: Doc = {};
  for (const element of array) {
    if (pairs) {
      if (!Array.isArray(element))
        throw new MongoError(
          40396,
          `$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. Array was detected, now found: ${typeName(element)}`,
        );
      if (element.length !== 2)
        throw new MongoError(
          40397,
          `$arrayToObject requires an array of size 2 arrays,found array of size: ${String(element.length)}`,
        );
      put(out, element[0], element[1], 40395);
    } else {
      if (!isDoc(element))
        throw new MongoError(
          array[0] === element ? 40398 : 40391,
          `Unrecognised input type format for $arrayToObject: ${typeName(element)}`,
        );
      if (Object.keys(element).length !== 2)
        throw new MongoError(
          40392,
          `$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:${String(Object.keys(element).length)}`,
        );
      if (!Object.hasOwn(element, 'k') || !Object.hasOwn(element, 'v'))
        throw new MongoError(
          40393,
          `$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys from: ${show(element)}`,
        );
      put(out, field(element, 'k'), field(element, 'v'), 40394);
    }
  }
  return out;
}

function put(out: Doc, key: Value, value: Value, code: number): void {
  if (typeof key !== 'string')
    throw new MongoError(code, `$arrayToObject requires keys to be of type string, found type: ${typeName(key)}`);
  if (key.includes('\0')) throw new MongoError(4940400, 'Key field cannot contain an embedded null byte');
  setField(out, key, value);
}

/** Expression operators on arrays that take values only. */
export const ARRAY_OPERATORS: Readonly<Record<string, Operator>> = Object.fromEntries([
  taking('$size', 1, (array) => {
    if (Array.isArray(array)) return array.length;
    throw new MongoError(17124, `The argument to $size must be an array, but was of type: ${typeName(array)}`);
  }),
  taking('$isArray', 1, (value) => Array.isArray(value)),
  taking('$arrayElemAt', 2, elementAt),
  end('$first', 0),
  end('$last', -1),
  taking('$in', 2, (value, array) => {
    if (Array.isArray(array)) return array.some((element) => compareResults(element, value) === 0);
    throw new MongoError(40081, `$in requires an array as a second argument, found: ${typeName(array)}`);
  }),
  between('$indexOfArray', 2, 4, indexOf),
  takingAny('$concatArrays', concat),
  between('$slice', 2, 3, slice),
  between('$range', 2, 3, range),
  taking('$reverseArray', 1, (array) => {
    if (isNothing(array)) return null;
    if (Array.isArray(array)) return [...array].reverse();
    throw new MongoError(34435, `The argument to $reverseArray must be an array, but was of type: ${typeName(array)}`);
  }),
  taking('$arrayToObject', 1, toObject),
]);

/** Used by `$filter`'s limit: how many elements are wanted at most. */
export function positiveLimit(value: Value): number {
  if (isNothing(value)) return Number.POSITIVE_INFINITY;
  const limit = wholeOperand(value, '$filter: limit', [327391, 327391]);
  if (limit < 1)
    throw new MongoError(327392, `$filter: limit must be greater than 0, but is ${String(toDouble(limit))}`);
  return limit;
}
