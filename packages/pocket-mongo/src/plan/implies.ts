import type { Match, Shape } from '../query/match.ts';
import { compare, equal } from '../values/compare.ts';
import { rankOf, type Value } from '../values/value.ts';
import type { Branch } from './branches.ts';

const isValue = (value: Value): boolean => value !== null && value !== undefined;

function inRange(op: string, limit: Value, value: Value): boolean {
  if (rankOf(value) !== rankOf(limit)) return false;
  const order = compare(value, limit);
  return op === '$gt' ? order > 0 : op === '$gte' ? order >= 0 : op === '$lt' ? order < 0 : order <= 0;
}

/** Whether a value satisfying `known` surely satisfies `wanted`. */
function shapeImplies(known: Shape, wanted: Shape, test: (value: Value) => boolean): boolean {
  switch (known.kind) {
    case 'equal':
      return wanted.kind === 'exists' ? isValue(known.value) : !Array.isArray(known.value) && test(known.value);
    case 'in':
      return known.values.every((value) => shapeImplies({ kind: 'equal', value }, wanted, test));
    case 'range':
      if (wanted.kind === 'exists') return isValue(known.value);
      if (wanted.kind !== 'range' || known.op.slice(0, 3) !== wanted.op.slice(0, 3)) return false;
      if (equal(known.value, wanted.value)) return known.op === wanted.op || wanted.op.endsWith('e');
      return inRange(wanted.op, wanted.value, known.value);
    case 'exists':
    case 'prefix':
      return wanted.kind === 'exists';
    default:
      return false;
  }
}

/** Whether every document of a branch satisfies the filter of a partial index. When in doubt, no. */
export function implies(branch: Branch, filter: Match): boolean {
  const { node } = filter;
  if (node.kind === 'and') return node.of.every((part) => implies(branch, part));
  if (node.kind === 'or') return node.of.some((part) => implies(branch, part));
  if (node.kind !== 'path') return false;
  const { path, predicate } = node;
  return branch.some(
    (condition) =>
      condition.path === path &&
      !condition.inElement &&
      shapeImplies(condition.shape, predicate.shape, (value) => predicate.test(value)),
  );
}
