import { MongoError, notImplemented } from '../errors.ts';
import { parseFilter } from '../query/parse-filter.ts';
import { toDouble } from '../values/number.ts';
import { show } from '../values/show.ts';
import { type Doc, field, isDoc, isNumeric, type Value } from '../values/value.ts';
import { checkFields } from './check-fields.ts';

const KNOWN = ['v', 'key', 'name', 'unique', 'sparse', 'partialFilterExpression', 'expireAfterSeconds'];
/** Without meaning here, or without effect on answers. */
const IGNORED = ['background', 'ns', 'safe', 'dropDups'];
const REFUSED = [
  ...['collation', 'hidden', 'storageEngine', 'weights', 'default_language', 'language_override', 'textIndexVersion'],
  ...['2dsphereIndexVersion', 'bits', 'min', 'max', 'bucketSize', 'wildcardProjection', 'prepareUnique', 'clustered'],
];
const KINDS = ['text', '2d', '2dsphere', 'hashed', 'geoHaystack', 'columnstore', 'wildcard'];

const cannotCreate = (message: string): MongoError => new MongoError(67, message);

function checkKey(key: Value): Doc {
  if (!isDoc(key)) throw new MongoError(14, "The field 'key' must be an object");
  const names = Object.keys(key);
  if (names.length === 0) throw cannotCreate('Index keys cannot be an empty object');
  if (names.length > 32) throw cannotCreate('Index key pattern cannot have more than 32 fields');
  for (const name of names) {
    const direction = field(key, name);
    if (name === '$**' || name.endsWith('.$**')) throw notImplemented('wildcard index');
    if (typeof direction === 'string') {
      if (KINDS.includes(direction)) throw notImplemented(`index of kind ${direction}`);
      throw cannotCreate(`Unknown index plugin '${direction}'`);
    }
    if (!isNumeric(direction) || toDouble(direction) === 0 || Number.isNaN(toDouble(direction)))
      throw cannotCreate(`Values in v:2 index key pattern must be non-zero numbers or strings, found: ${show(key)}`);
    if (name.split('.').some((part) => part === '')) throw cannotCreate('Index keys cannot contain an empty field.');
    if (name.split('.').some((part) => part.startsWith('$')))
      throw cannotCreate(`Index key contains an illegal field name: field name starts with '$'.`);
  }
  return key;
}

function checkFlag(spec: Doc, name: string): boolean {
  const value = field(spec, name);
  if (value === undefined) return false;
  if (typeof value === 'boolean') return value;
  if (isNumeric(value)) return toDouble(value) !== 0;
  throw new MongoError(14, `The field '${name}' has value ${name}: ${show(value)}, which is not convertible to bool`);
}

function checkPartial(filter: Value): Doc {
  if (!isDoc(filter)) throw new MongoError(14, "The field 'partialFilterExpression' must be an object");
  parseFilter(filter);
  return filter;
}

/** Checks an index as `createIndexes` was given it; gives it in the form in which it is kept and listed. */
export function parseIndexSpec(spec: Doc): Doc {
  checkFields(spec, 'createIndexes.indexes', [...KNOWN, ...IGNORED], REFUSED);
  const key = checkKey(field(spec, 'key'));
  const name = field(spec, 'name');
  if (typeof name !== 'string' || name === '')
    throw new MongoError(
      9,
      `Error in specification ${show(spec)} :: caused by :: The 'name' field is a required property of an index specification`,
    );
  if (name === '*') throw new MongoError(2, `The index name '*' is not valid.`);
  const out: Doc = { v: 2, key, name };
  if (checkFlag(spec, 'unique')) out['unique'] = true;
  if (checkFlag(spec, 'sparse')) out['sparse'] = true;
  const partial = field(spec, 'partialFilterExpression');
  if (partial !== undefined) {
    if (out['sparse'] === true) throw cannotCreate('cannot mix "partialFilterExpression" and "sparse" options');
    out['partialFilterExpression'] = checkPartial(partial);
  }
  const expiry = field(spec, 'expireAfterSeconds');
  if (expiry !== undefined) {
    if (!isNumeric(expiry) || toDouble(expiry) < 0 || toDouble(expiry) > 0x7fff_ffff)
      throw cannotCreate(
        `TTL index 'expireAfterSeconds' option must be within an acceptable range, got ${show(expiry)}`,
      );
    if (Object.keys(key).length > 1 || Object.hasOwn(key, '_id'))
      throw cannotCreate(
        `TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: ${show(spec)}`,
      );
    out['expireAfterSeconds'] = expiry;
  }
  return out;
}
