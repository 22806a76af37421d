import { badValue, MongoError } from '../errors.ts';
import { show } from '../values/show.ts';
import { type Doc, field, isDoc, setField, type Value } from '../values/value.ts';
import { isPosition } from '../values/walk.ts';
import { type FieldChange, KEEP, REMOVE } from './field-change.ts';

const MOST_PADDING = 1_500_000;

const notViable = (part: string, name: string, value: Value): MongoError =>
  new MongoError(28, `Cannot create field '${part}' in element {${name}: ${show(value)}}`);

function editArray(
  array: Value[],
  parts: readonly string[],
  at: number,
  name: string,
  edit: FieldChange,
  id: Value,
): boolean {
  const part = parts[at] ?? '';
  if (!isPosition(part)) {
    if (!edit.creates) return false;
    throw notViable(part, name, array);
  }
  const index = Number(part);
  if (index >= array.length && !edit.creates) return false;
  if (index > array.length + MOST_PADDING) throw badValue("can't backfill more than 1500000 elements");
  const before = array[index];
  const after = editValue(before, parts, at + 1, edit, id);
  if (after === KEEP) return false;
  while (array.length < index) array.push(null);
  array[index] = after === REMOVE ? null : after;
  return true;
}

function editDoc(doc: Doc, parts: readonly string[], at: number, edit: FieldChange, id: Value): boolean {
  const part = parts[at] ?? '';
  const after = editValue(field(doc, part), parts, at + 1, edit, id);
  if (after === KEEP) return false;
  if (after === REMOVE) {
    const had = Object.hasOwn(doc, part);
    delete doc[part];
    return had;
  }
  setField(doc, part, after);
  return true;
}

function editValue(
  value: Value,
  parts: readonly string[],
  at: number,
  edit: FieldChange,
  id: Value,
): Value | typeof KEEP | typeof REMOVE {
  const name = parts[at - 1] ?? '';
  if (at === parts.length) {
    if (value === undefined && !edit.creates) return KEEP;
    return edit.change(value, { path: parts.join('.'), field: name, id });
  }
  if (isDoc(value)) return editDoc(value, parts, at, edit, id) ? value : KEEP;
  if (Array.isArray(value)) return editArray(value, parts, at, name, edit, id) ? value : KEEP;
  if (!edit.creates) return KEEP;
  if (value !== undefined) throw notViable(parts[at] ?? '', name, value);
  const created: Doc = {};
  return editDoc(created, parts, at, edit, id) ? created : KEEP;
}

/**
 * Changes the field at a plain path of a document that belongs to the caller. Missing documents on the way are made
 * when the change creates; arrays take positions only. True when something was changed.
 */
export const editAt = (doc: Doc, parts: readonly string[], edit: FieldChange): boolean =>
  editDoc(doc, parts, 0, edit, field(doc, '_id'));
