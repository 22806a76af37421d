import type { Code } from 'bson';
import { tagOf, type Value } from './value.ts';

const NAMES: Readonly<Record<string, string>> = {
  Int32: 'int',
  Double: 'double',
  Long: 'long',
  Decimal128: 'decimal',
  ObjectId: 'objectId',
  Binary: 'binData',
  Timestamp: 'timestamp',
  BSONRegExp: 'regex',
  BSONSymbol: 'symbol',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
};

const CODES: Readonly<Record<string, number>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
};

/** MongoDB's name of a value's type, as `$type` and error messages use it; "missing" for no value. */
export function typeName(value: Value): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number')
    return Number.isInteger(value) && value === (value | 0) && !Object.is(value, -0) ? 'int' : 'double';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  const tag = tagOf(value);
  if (tag === 'Code') return (value as Code).scope ? 'javascriptWithScope' : 'javascript';
  return tag === undefined ? 'object' : (NAMES[tag] ?? 'object');
}

/** The type names that a `$type` code or alias stands for; undefined when MongoDB has no such type. */
export function typesNamed(alias: string | number): readonly string[] | undefined {
  if (alias === 'number') return ['double', 'int', 'long', 'decimal'];
  if (typeof alias === 'string') return alias in CODES ? [alias] : undefined;
  const name = Object.keys(CODES).find((key) => CODES[key] === alias);
  return name === undefined ? undefined : [name];
}
