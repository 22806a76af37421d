import { MongoError } from '../errors.ts';
import { toDouble, toInteger } from '../values/number.ts';
import { typeName } from '../values/type-name.ts';
import { type Doc, field, isDoc, isNumeric, type Value } from '../values/value.ts';

const wrongType = (where: string, value: Value, expected: string): MongoError =>
  new MongoError(14, `BSON field '${where}' is the wrong type '${typeName(value)}', expected type '${expected}'`);

/** A flag of a command; absent and null are false, numbers are flags too. */
export function flagField(doc: Doc, name: string, where: string): boolean | undefined {
  const value = field(doc, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  if (isNumeric(value)) return toDouble(value) !== 0;
  throw wrongType(`${where}.${name}`, value, 'bool');
}

/** A whole number that may not be negative. */
export function countField(doc: Doc, name: string, where: string): number | undefined {
  const value = field(doc, name);
  if (value === undefined || value === null) return undefined;
  if (!isNumeric(value)) throw wrongType(`${where}.${name}`, value, 'long');
  const number = toInteger(value) ?? Math.trunc(toDouble(value));
  if (number < 0 || Number.isNaN(number))
    throw new MongoError(51024, `BSON field '${name}' value must be >= 0, actual value '${String(number)}'`);
  return number;
}

/** The same, where zero means that there is no limit. */
export const limitField = (doc: Doc, name: string, where: string): number | undefined => {
  const count = countField(doc, name, where);
  return count === 0 ? undefined : count;
};

/** A text that has to be there. */
export function textField(doc: Doc, name: string, where: string): string {
  const value = field(doc, name);
  if (typeof value !== 'string') throw wrongType(`${where}.${name}`, value, 'string');
  return value;
}

/** A document; absent and null are none. */
export function docField(doc: Doc, name: string, where: string): Doc | undefined {
  const value = field(doc, name);
  if (value === undefined || value === null) return undefined;
  if (!isDoc(value)) throw wrongType(`${where}.${name}`, value, 'object');
  return value;
}

/** A list that has to be there. */
export function listField(doc: Doc, name: string, where: string): Value[] {
  const value = field(doc, name);
  if (value === undefined) throw new MongoError(40414, `BSON field '${where}.${name}' is missing but a required field`);
  if (!Array.isArray(value)) throw wrongType(`${where}.${name}`, value, 'array');
  return value;
}

/** A list of documents that has to be there. */
export function docsField(doc: Doc, name: string, where: string): Doc[] {
  return listField(doc, name, where).map((item, i) => {
    if (!isDoc(item)) throw wrongType(`${where}.${name}.${String(i)}`, item, 'object');
    return item;
  });
}

/** A hint: an index's name or key; an empty document is none. */
export function hintField(doc: Doc): Value {
  const value = field(doc, 'hint');
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string' && !isDoc(value)) throw new MongoError(9, 'Hint must be a string or an object');
  return isDoc(value) && Object.keys(value).length === 0 ? undefined : value;
}
