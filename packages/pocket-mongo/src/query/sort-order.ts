import { badValue, MongoError, notImplemented } from '../errors.ts';
import { KeyPattern } from '../values/key-pattern.ts';
import { toDouble } from '../values/number.ts';
import { show } from '../values/show.ts';
import { type Doc, field, isDoc, isNumeric, type Value } from '../values/value.ts';

/** Checks a sort document (`{field: 1 | -1}`) and throws MongoDB's error for a bad one. */
export function checkSort(spec: Doc): void {
  for (const path of Object.keys(spec)) {
    const direction = field(spec, path);
    if (isDoc(direction)) throw notImplemented(`$sort by ${Object.keys(direction)[0] ?? 'an expression'}`);
    if (!isNumeric(direction))
      throw new MongoError(15974, `Illegal key in $sort specification: ${path}: ${show(direction)}`);
    if (toDouble(direction) !== 1 && toDouble(direction) !== -1)
      throw new MongoError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    if (path === '') throw badValue('FieldPath cannot be constructed with empty string');
  }
}

/** The bytes that decide a document's place in a sort. */
export function sortKeys(spec: Doc): (doc: Doc) => Buffer {
  const pattern = new KeyPattern(spec);
  return (doc) => {
    try {
      return pattern.sortKeyOf(doc);
    } catch (error) {
      if (error instanceof MongoError && error.code === 171)
        throw badValue('cannot sort with keys that are parallel arrays');
      throw error;
    }
  };
}

/** Compares two documents by a sort document. */
export function sortOrder(spec: Doc): (a: Doc, b: Doc) => number {
  const keyOf = sortKeys(spec);
  return (a, b) => Buffer.compare(keyOf(a), keyOf(b));
}

/** A command's `sort` field: undefined when it is absent or empty. */
export function sortField(value: Value): Doc | undefined {
  if (value === undefined) return undefined;
  if (!isDoc(value)) throw new MongoError(14, `Expected field sort to be of type object`);
  return Object.keys(value).length > 0 ? value : undefined;
}
