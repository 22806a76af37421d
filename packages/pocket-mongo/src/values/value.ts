import type {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';

/** A number of any BSON type. A plain `number` stands for int32 when it is one, else for a double. */
export type Numeric = number | Int32 | Double | Long | Decimal128;

/** Any BSON value as it is held in memory. `undefined` means "no such field". */
export type Value =
  | undefined
  | null
  | boolean
  | string
  | Numeric
  | Date
  | ObjectId
  | Binary
  | Timestamp
  | BSONRegExp
  | BSONSymbol
  | Code
  | MinKey
  | MaxKey
  | Value[]
  | Doc;

/** A BSON document. */
export interface Doc {
  [field: string]: Value;
}

/** MongoDB's order of types, least first (manual: "Comparison/Sort Order"). Also the first byte of an index key. */
export const RANK = {
  minKey: 1,
  nothing: 2,
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  binary: 30,
  objectId: 35,
  boolean: 40,
  date: 45,
  timestamp: 47,
  regex: 50,
  code: 60,
  codeWithScope: 65,
  maxKey: 127,
} as const;

const RANK_BY_BSON_TYPE: Readonly<Record<string, number>> = {
  Int32: RANK.number,
  Double: RANK.number,
  Long: RANK.number,
  Decimal128: RANK.number,
  ObjectId: RANK.objectId,
  Binary: RANK.binary,
  Timestamp: RANK.timestamp,
  BSONRegExp: RANK.regex,
  BSONSymbol: RANK.string,
  MinKey: RANK.minKey,
  MaxKey: RANK.maxKey,
};

/** The place of a value's type in MongoDB's order of types; a missing value ranks as null. */
export function rankOf(value: Value): number {
  if (value === undefined || value === null) return RANK.null;
  switch (typeof value) {
    case 'string':
      return RANK.string;
    case 'number':
      return RANK.number;
    case 'boolean':
      return RANK.boolean;
    default:
  }
  if (Array.isArray(value)) return RANK.array;
  if (value instanceof Date) return RANK.date;
  const tag = tagOf(value);
  if (tag === undefined) return RANK.object;
  if (tag === 'Code') return (value as Code).scope ? RANK.codeWithScope : RANK.code;
  return RANK_BY_BSON_TYPE[tag] ?? RANK.object;
}

/** The bson library's name of a wrapped value's class, undefined for documents and plain values. */
export function tagOf(value: object): string | undefined {
  const tag = (value as { _bsontype?: unknown })._bsontype;
  return typeof tag === 'string' && !Object.hasOwn(value, '_bsontype') ? tag : undefined;
}

export const isNumeric = (value: Value): value is Numeric => rankOf(value) === RANK.number;

export const isDoc = (value: Value): value is Doc =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  tagOf(value) === undefined;

/** Reads an own field; inherited names such as `constructor` are no fields. */
export function field(doc: Doc, name: string): Value {
  return Object.hasOwn(doc, name) ? doc[name] : undefined;
}

/** Writes a field, also one called `__proto__`. */
export function setField(doc: Doc, name: string, value: Value): void {
  if (name === '__proto__')
    Object.defineProperty(doc, name, { value, enumerable: true, configurable: true, writable: true });
  else doc[name] = value;
}

/** A deep copy; immutable leaves are shared. */
export function copyOf<T extends Value>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (!isDoc(value)) return value;
  const out: Doc = {};
  for (const name of Object.keys(value)) setField(out, name, copyOf(field(value, name)));
  return out as T;
}
