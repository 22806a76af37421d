import type { DataIndex } from '../storage/data-index.ts';
import { isPosition } from '../values/walk.ts';
import type { Branch } from './branches.ts';
import { implies } from './implies.ts';
import { common, EVERYTHING, type Interval, intervalsOf, isEverything } from './interval.ts';

/** For each field of an index the stretches to look through. */
export type Bounds = readonly (readonly Interval[])[];

const PREFERRED = ['equal', 'in', 'prefix', 'range', 'notNull'];

function fieldIntervals(branch: Branch, path: string, descending: boolean, multikey: boolean): readonly Interval[] {
  const usable = branch
    .filter((condition) => condition.path === path && !(multikey && condition.shape.kind === 'notNull'))
    .sort((a, b) => PREFERRED.indexOf(a.shape.kind) - PREFERRED.indexOf(b.shape.kind));
  let found: readonly Interval[] = EVERYTHING;
  for (const { shape } of usable) {
    const intervals = intervalsOf(shape, descending);
    if (!intervals) continue;
    // Different elements of an array may satisfy different conditions, so only one of them can be used.
    if (multikey) return intervals;
    found = common(found, intervals);
  }
  return found;
}

/** Whether the index has an entry for every document of the branch. */
export function holdsAll(index: DataIndex, branch: Branch): boolean {
  const { sparse, partial, pattern } = index;
  if (partial && !implies(branch, partial)) return false;
  if (!sparse) return true;
  return pattern.fields.some(({ path }) =>
    branch.some(({ path: other, shape }) => other === path && provesExistence(shape)),
  );
}

function provesExistence(shape: Branch[number]['shape']): boolean {
  switch (shape.kind) {
    case 'equal':
      return shape.value !== null && shape.value !== undefined;
    case 'in':
      return shape.values.every((value) => value !== null && value !== undefined);
    case 'range':
      return shape.value !== null && shape.value !== undefined;
    case 'exists':
    case 'prefix':
      return true;
    case 'notNull':
    case 'elements':
    case 'opaque':
      return false;
  }
}

/** The bounds that a branch puts on an index. Every document of the branch has a key inside of them. */
export function boundsOf(index: DataIndex, branch: Branch): Bounds {
  let arrayUsed = false;
  return index.pattern.fields.map(({ path, parts, descending }, i) => {
    const multikey = index.multikey[i] === true;
    // Fields below one array: a document's conditions may be met by different elements, the keys pair them up.
    if ((multikey && arrayUsed) || parts.some(isPosition)) return EVERYTHING;
    const intervals = fieldIntervals(branch, path, descending, multikey);
    if (multikey && !isEverything(intervals)) arrayUsed = true;
    return intervals;
  });
}
