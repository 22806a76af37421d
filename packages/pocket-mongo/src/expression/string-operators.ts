import { MongoError } from '../errors.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import { asText, lower, upper } from './as-text.ts';
import { taking, takingAny } from './operands.ts';
import type { Operator } from './scope.ts';
import { isNothing } from './truth.ts';
import { wholeOperand } from './whole-operand.ts';

function concat(values: Value[]): Value {
  let text = '';
  for (const value of values) {
    if (isNothing(value)) return null;
    if (typeof value !== 'string') throw new MongoError(16702, `$concat only supports strings, not ${typeName(value)}`);
    text += value;
  }
  return text;
}

const continues = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

function bytes(value: Value, from: Value, count: Value): Value {
  const text = Buffer.from(asText(value));
  const start = wholeOperand(from, '$substrBytes: starting index', [16034, 16034]);
  const length = wholeOperand(count, '$substrBytes: length', [16035, 16035]);
  if (start < 0) throw new MongoError(50752, '$substrBytes: starting index must be non-negative');
  if (continues(text[start]))
    throw new MongoError(28656, '$substrBytes: Invalid range, starting index is a UTF-8 continuation byte.');
  const end = length < 0 ? text.length : start + length;
  if (continues(text[end]))
    throw new MongoError(28657, '$substrBytes: Invalid range, ending index is in the middle of a UTF-8 character.');
  return text.subarray(start, end).toString();
}

function characters(value: Value, from: Value, count: Value): Value {
  const text = [...asText(value)];
  const start = wholeOperand(from, '$substrCP: starting index', [34450, 34451]);
  const length = wholeOperand(count, '$substrCP: length', [34452, 34453]);
  if (length < 0) throw new MongoError(34454, '$substrCP: length must be a nonnegative integer.');
  if (start < 0) throw new MongoError(34455, '$substrCP: the starting index must be nonnegative integer.');
  return text.slice(start, start + length).join('');
}

const size = (name: string, code: number, measure: (text: string) => number): readonly [string, Operator] =>
  taking(name, 1, (value) => {
    if (typeof value === 'string') return measure(value);
    throw new MongoError(code, `${name} requires a string argument, found: ${typeName(value)}`);
  });

function compareCase(a: Value, b: Value): number {
  return Math.sign(Buffer.compare(Buffer.from(upper(asText(a))), Buffer.from(upper(asText(b)))));
}

/** Expression operators that make or measure strings. */
export const STRING_OPERATORS: Readonly<Record<string, Operator>> = Object.fromEntries([
  takingAny('$concat', concat),
  taking('$toLower', 1, (value) => lower(asText(value))),
  taking('$toUpper', 1, (value) => upper(asText(value))),
  taking('$substr', 3, bytes),
  taking('$substrBytes', 3, bytes),
  taking('$substrCP', 3, characters),
  size('$strLenCP', 34471, (text) => [...text].length),
  size('$strLenBytes', 34473, (text) => Buffer.byteLength(text)),
  taking('$strcasecmp', 2, compareCase),
]);
