import { type Doc, field, isDoc, type Value } from './value.ts';

/**
 * Called with each value that a dotted path reaches. `whole` says that an array is meant as it is, not its elements
 * (the path ended in a position). `index` is the place in the outermost array that was gone through. True stops.
 */
export type Visit = (value: Value, whole: boolean, index: number | undefined) => boolean;

export const isPosition = (part: string): boolean => /^(0|[1-9]\d*)$/.test(part);

function walkArray(
  array: readonly Value[],
  parts: readonly string[],
  at: number,
  visit: Visit,
  outer: number | undefined,
): boolean {
  const part = parts[at] ?? '';
  const position = isPosition(part) ? Number(part) : -1;
  for (let i = 0; i < array.length; i++) {
    const element = array[i];
    const index = outer ?? i;
    if (i === position) {
      if (at === parts.length - 1) {
        if (visit(element, true, index)) return true;
      } else if (isDoc(element)) {
        if (walk(element, parts, visit, at + 1, index)) return true;
      } else if (Array.isArray(element) && walkArray(element, parts, at + 1, visit, index)) return true;
    }
    if (isDoc(element) && walk(element, parts, visit, at, index)) return true;
  }
  return false;
}

/**
 * Visits what a dotted path reaches by MongoDB's rules for queries (manual: "Query an Array of Embedded Documents"):
 * arrays on the way are gone through one level deep, a number is a position or a field's name. True when stopped.
 */
export function walk(doc: Doc, parts: readonly string[], visit: Visit, at = 0, outer?: number): boolean {
  const value = field(doc, parts[at] ?? '');
  if (at === parts.length - 1) return visit(value, false, outer);
  if (isDoc(value)) return walk(value, parts, visit, at + 1, outer);
  if (Array.isArray(value)) return walkArray(value, parts, at + 1, visit, outer);
  return visit(undefined, false, outer);
}
