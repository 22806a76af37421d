import { badValue } from '../errors.ts';
import { show } from '../values/show.ts';
import { type Doc, field, isDoc, type Value } from '../values/value.ts';
import type { ElementTest } from './array-filters.ts';

/** True when a path names array elements by `$`, `$[]` or `$[id]`. */
export const isPositional = (parts: readonly string[]): boolean =>
  parts.some((part) => part === '$' || part.startsWith('$['));

/**
 * The plain paths that a positional path stands for in one document. `matched` is the element that the query matched
 * (for `$`). Throws MongoDB's errors when there is no such element or no array.
 */
export function plainPaths(
  doc: Doc,
  parts: readonly string[],
  matched: number | undefined,
  filters: ReadonlyMap<string, ElementTest>,
): string[][] {
  let paths: { path: string[]; value: Value }[] = [{ path: [], value: doc }];
  for (const part of parts) {
    paths = paths.flatMap(({ path, value }) => {
      if (part === '$') {
        if (matched === undefined)
          throw badValue('The positional operator did not find the match needed from the query.');
        const index = String(matched);
        return [{ path: [...path, index], value: Array.isArray(value) ? value[matched] : undefined }];
      }
      if (!part.startsWith('$[')) {
        const next = isDoc(value) ? field(value, part) : Array.isArray(value) ? value[Number(part)] : undefined;
        return [{ path: [...path, part], value: next }];
      }
      return elements(path, value, part.slice(2, -1), filters);
    });
  }
  return paths.map(({ path }) => path);
}

function elements(
  path: string[],
  array: Value,
  identifier: string,
  filters: ReadonlyMap<string, ElementTest>,
): { path: string[]; value: Value }[] {
  if (array === undefined)
    throw badValue(`The path '${path.join('.')}' must exist in the document in order to apply array updates.`);
  if (!Array.isArray(array))
    throw badValue(`Cannot apply array updates to non-array element ${path.at(-1) ?? ''}: ${show(array)}`);
  const test = identifier === '' ? undefined : filters.get(identifier);
  return array.flatMap((value, i) => (!test || test(value) ? [{ path: [...path, String(i)], value }] : []));
}
