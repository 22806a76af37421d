import { failedToParse, MongoError, notImplemented } from '../errors.ts';
import { valueAt } from '../expression/compile.ts';
import { isOperatorDoc } from '../query/operator-doc.ts';
import { MISS } from '../read/source.ts';
import { show } from '../values/show.ts';
import { typeName } from '../values/type-name.ts';
import { type Doc, field, isDoc, RANK, rankOf, type Value } from '../values/value.ts';
import { assign } from './assign.ts';
import type { Stage, StageContext } from './stage.ts';

/** The filter that finds a value, or one of an array's elements, at the foreign field. */
function filterOf(path: string, local: Value): Doc {
  const values = Array.isArray(local) ? local : [local ?? null];
  // Regular expressions and documents like {$x: 1} are values here, which $in would not take as such.
  const literal = values.some((value) => rankOf(value) === RANK.regex || isOperatorDoc(value));
  return literal ? { $or: values.map((value) => ({ [path]: { $eq: value } })) } : { [path]: { $in: values } };
}

/** `$lookup` by equality of two fields; a missing field equals null. Its other forms are refused. */
export function compileLookup(argument: Value, { db }: StageContext): Stage {
  if (!isDoc(argument))
    throw new MongoError(40319, `the $lookup specification must be an Object, but found ${typeName(argument)}`);
  for (const name of ['pipeline', 'let'])
    if (Object.hasOwn(argument, name)) throw notImplemented(`$lookup with ${name}`);
  if (isDoc(argument['from'])) throw notImplemented('$lookup from another database');
  for (const name of Object.keys(argument)) {
    if (!['from', 'as', 'localField', 'foreignField'].includes(name))
      throw failedToParse(`unknown argument to $lookup: ${name}`);
    if (typeof argument[name] !== 'string')
      throw new MongoError(
        name === 'from' ? 9 : 40321,
        `$lookup argument '${name}: ${show(argument[name])}' must be a string, is type ${typeName(argument[name])}`,
      );
  }
  const text = (name: string): string => {
    const value = field(argument, name);
    if (typeof value === 'string' && value !== '') return value;
    throw failedToParse(
      name === 'as'
        ? "must specify 'as' field for a $lookup"
        : name === 'from'
          ? "must specify 'pipeline' when 'from' is empty"
          : "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  };
  const as = text('as').split('.');
  const namespace = `${db}.${text('from')}`;
  const local = text('localField').split('.');
  const foreign = text('foreignField');
  return function* (docs, source) {
    for (const doc of docs) {
      if (doc === MISS) {
        yield MISS;
        continue;
      }
      const found: Doc[] = [];
      for (const other of source.documents(namespace, filterOf(foreign, valueAt(doc, local))))
        if (other === MISS) yield MISS;
        else found.push(other);
      yield assign(doc, as, found) as Doc;
    }
  };
}
