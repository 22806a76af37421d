import { ObjectId } from 'bson';
import { MongoError } from '../errors.ts';
import { isOperatorDoc } from '../query/operator-doc.ts';
import { copyOf, type Doc, field, isDoc, RANK, rankOf, setField, type Value } from '../values/value.ts';
import { editAt } from './edit.ts';
import type { Update } from './parse-update.ts';

/** The equalities of a filter, which an upsert puts into the document that it makes. */
function equalities(filter: Doc, found: Map<string, Value>): void {
  for (const name of Object.keys(filter)) {
    const condition = field(filter, name);
    if (
      (name === '$and' || (name === '$or' && Array.isArray(condition) && condition.length === 1)) &&
      Array.isArray(condition)
    ) {
      for (const part of condition) if (isDoc(part)) equalities(part, found);
    } else if (!name.startsWith('$')) addEquality(name, condition, found);
  }
}

function addEquality(path: string, condition: Value, found: Map<string, Value>): void {
  if (!isOperatorDoc(condition)) {
    if (rankOf(condition) !== RANK.regex) put(path, condition, found);
    return;
  }
  if (Object.hasOwn(condition, '$eq')) put(path, field(condition, '$eq'), found);
  for (const operator of ['$in', '$all']) {
    const values = field(condition, operator);
    if (Array.isArray(values) && values.length === 1 && !isOperatorDoc(values[0]) && rankOf(values[0]) !== RANK.regex)
      put(path, values[0], found);
  }
}

function put(path: string, value: Value, found: Map<string, Value>): void {
  for (const other of found.keys()) {
    if (other === path) throw new MongoError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    if (other.startsWith(`${path}.`) || path.startsWith(`${other}.`))
      throw new MongoError(54, `cannot infer query fields to set, both paths '${other}' and '${path}' are matched`);
  }
  found.set(path, value);
}

/** `_id` is the first field of every stored document; one is made where there is none. */
export function withIdFirst(doc: Doc): Doc {
  const id = field(doc, '_id');
  checkId(id);
  if (id !== undefined && Object.keys(doc)[0] === '_id') return doc;
  const out: Doc = { _id: id ?? (Object.hasOwn(doc, '_id') ? null : new ObjectId()) };
  for (const name of Object.keys(doc)) if (name !== '_id') setField(out, name, field(doc, name));
  return out;
}

function checkId(id: Value): void {
  if (Array.isArray(id)) throw new MongoError(53, "The '_id' value cannot be of type array");
  if (rankOf(id) === RANK.regex) throw new MongoError(53, "The '_id' value cannot be of type regex");
  if (!isDoc(id)) return;
  const bad = Object.keys(id).find((name) => name.startsWith('$'));
  if (bad !== undefined)
    throw new MongoError(52, `_id fields may not contain '$'-prefixed fields: ${bad} is not valid for storage.`);
}

/** The document that an upsert inserts: the filter's equalities, then the update. */
export function upsertedDoc(filter: Doc, update: Update): Doc {
  const found = new Map<string, Value>();
  equalities(filter, found);
  const base: Doc = {};
  for (const [path, value] of found) {
    if (update.kind === 'replacement' && path !== '_id') continue;
    editAt(base, path.split('.'), { creates: true, change: () => copyOf(value) });
  }
  return withIdFirst(update.apply(base, { inserting: true }));
}
