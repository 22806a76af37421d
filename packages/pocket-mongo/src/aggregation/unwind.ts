import { Long } from 'bson';
import { MongoError } from '../errors.ts';
import { MISS } from '../read/source.ts';
import { typeName } from '../values/type-name.ts';
import { type Doc, field, isDoc, type Value } from '../values/value.ts';
import { assign } from './assign.ts';
import type { Stage } from './stage.ts';

interface Unwind {
  readonly parts: readonly string[];
  readonly index: readonly string[] | undefined;
  readonly keeps: boolean;
}

function parse(argument: Value): Unwind {
  if (typeof argument !== 'string' && !isDoc(argument))
    throw new MongoError(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${typeName(argument)}`,
    );
  const options: Doc = isDoc(argument) ? argument : { path: argument };
  const { path, includeArrayIndex: index, preserveNullAndEmptyArrays: keeps, ...others } = options;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new MongoError(28811, `unrecognized option to $unwind stage: ${other}`);
  if (path === undefined) throw new MongoError(28812, 'no path specified to $unwind stage');
  if (typeof path !== 'string')
    throw new MongoError(28808, `expected a string as the path for $unwind stage, got ${typeName(path)}`);
  if (keeps !== undefined && typeof keeps !== 'boolean')
    throw new MongoError(
      28809,
      `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeName(keeps)}`,
    );
  if (index !== undefined && (typeof index !== 'string' || index === ''))
    throw new MongoError(
      28810,
      `expected a non-empty string for the includeArrayIndex option to $unwind stage, got ${typeName(index)}`,
    );
  if (!path.startsWith('$'))
    throw new MongoError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  if (index?.startsWith('$'))
    throw new MongoError(
      28822,
      `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${index}`,
    );
  return { parts: path.slice(1).split('.'), index: index?.split('.'), keeps: keeps ?? false };
}

/** `$unwind`: one document for each element; a value that is no array counts as its only element. */
export function compileUnwind(argument: Value): Stage {
  const { parts, index, keeps } = parse(argument);
  const withIndex = (doc: Doc, at: Value): Doc => (index ? (assign(doc, index, at) as Doc) : doc);
  return function* (docs) {
    for (const doc of docs) {
      if (doc === MISS) {
        yield MISS;
        continue;
      }
      let value: Value = doc;
      for (const part of parts) value = isDoc(value) ? field(value, part) : undefined;
      if (Array.isArray(value) && value.length > 0) {
        for (const [i, element] of value.entries())
          yield withIndex(assign(doc, parts, element) as Doc, Long.fromNumber(i));
      } else if (value !== undefined && value !== null && !Array.isArray(value)) yield withIndex(doc, null);
      else if (keeps) yield withIndex(Array.isArray(value) ? (assign(doc, parts, undefined) as Doc) : doc, null);
    }
  };
}
