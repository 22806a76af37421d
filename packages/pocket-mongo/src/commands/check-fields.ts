import { MongoError, notImplemented } from '../errors.ts';
import { toDouble } from '../values/number.ts';
import { type Doc, field, isDoc, isNumeric, type Value } from '../values/value.ts';

/** Fields that any command may have. */
const GENERIC = new Set([
  '$db',
  '$clusterTime',
  '$readPreference',
  '$configServerState',
  '$audit',
  '$client',
  '$tenant',
  'allowImplicitCollectionCreation',
  'apiDeprecationErrors',
  'apiStrict',
  'apiVersion',
  'autocommit',
  'comment',
  'lsid',
  'maxTimeMS',
  'maxTimeMSOpOnly',
  'readConcern',
  'rawData',
  'serialization_context',
  'startTransaction',
  'txnNumber',
  'writeConcern',
]);

/** Whether an option that is off when absent was turned on. */
function isSet(name: string, value: Value): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (isNumeric(value) && toDouble(value) === 0) return false;
  if (!isDoc(value)) return true;
  if (name === 'collation' && field(value, 'locale') === 'simple') return false;
  return Object.keys(value).length > 0;
}

/** Refuses options that would change the answer and are not here, and fields that MongoDB does not know either. */
export function checkFields(
  doc: Doc,
  where: string,
  known: readonly string[] | 'any',
  refused: readonly string[] = [],
  skip = 0,
): void {
  if (known === 'any') return;
  for (const name of Object.keys(doc).slice(skip)) {
    if (known.includes(name)) continue;
    if (refused.includes(name)) {
      if (isSet(name, field(doc, name))) throw notImplemented(`${where}: ${name}`);
      continue;
    }
    if (skip > 0 && GENERIC.has(name)) continue;
    throw new MongoError(40415, `BSON field '${where}.${name}' is an unknown field.`);
  }
}
