import { badValue } from '../errors.ts';
import { show } from '../values/show.ts';
import { copyOf, type Doc, field, isDoc, type Value } from '../values/value.ts';
import { editAt } from './edit.ts';
import { REMOVE } from './field-change.ts';
import { checkPath } from './field-operators.ts';
import { isPositional } from './positions.ts';

/** Reads one pair of `$rename`: the target's path. Throws MongoDB's errors for paths that cannot be renamed. */
export function parseRename(from: string, to: Value): readonly string[] {
  if (typeof to !== 'string') throw badValue(`The 'to' field for $rename must be a string: ${from}: ${show(to)}`);
  checkPath(to);
  if (from === to) throw badValue(`The source and target field for $rename must differ: ${from}: "${to}"`);
  if (to.startsWith(`${from}.`) || from.startsWith(`${to}.`))
    throw badValue(`The source and target field for $rename must not be on the same path: ${from}: "${to}"`);
  if (isPositional(from.split('.'))) throw badValue(`The source field for $rename may not be dynamic: ${from}`);
  const target = to.split('.');
  if (isPositional(target)) throw badValue(`The destination field for $rename may not be dynamic: ${to}`);
  return target;
}

function refuseArrays(doc: Doc, parts: readonly string[], role: string): Value {
  let value: Value = doc;
  for (const [i, part] of parts.entries()) {
    if (Array.isArray(value))
      throw badValue(
        `The ${role} field cannot be an array element, '${parts.join('.')}' in doc with _id: ${show(field(doc, '_id'))} has an array field called '${parts[i - 1] ?? ''}'`,
      );
    value = isDoc(value) ? field(value, part) : undefined;
  }
  return value;
}

/** Moves a field's value to another path; a document without the field stays as it is. */
export function applyRename(doc: Doc, from: readonly string[], to: readonly string[]): void {
  const value = refuseArrays(doc, from, 'source');
  if (value === undefined) return;
  refuseArrays(doc, to, 'destination');
  editAt(doc, from, { creates: false, change: () => REMOVE });
  editAt(doc, to, { creates: true, change: () => copyOf(value) });
}
