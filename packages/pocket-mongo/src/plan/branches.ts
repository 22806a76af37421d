import type { Match, Shape } from '../query/match.ts';

/** A condition on a path that holds for every document of a branch. */
export interface Condition {
  readonly path: string;
  readonly shape: Shape;
  /** True for a condition inside `$elemMatch`, which one element has to satisfy. */
  readonly inElement: boolean;
}

/** Conditions that hold together. A filter's documents are those of its branches. */
export type Branch = readonly Condition[];

const MOST_BRANCHES = 16;

function conditionsOf(match: Match): Condition[] {
  const { node } = match;
  if (node.kind === 'and') return node.of.flatMap(conditionsOf);
  if (node.kind !== 'path') return [];
  const { path, predicate } = node;
  const { shape } = predicate;
  if (shape.kind !== 'elements') return [{ path, shape, inElement: false }];
  const inner = conditionsOf(shape.match).filter((condition) => condition.shape.kind !== 'notNull');
  return inner.map((condition) => ({ ...condition, path: `${path}.${condition.path}`, inElement: true }));
}

function orsOf(match: Match): (readonly Match[])[] {
  if (match.node.kind === 'or') return [match.node.of];
  return match.node.kind === 'and' ? match.node.of.flatMap(orsOf) : [];
}

/** The filter as one branch: what holds for all its documents. */
export const wholeBranch = (match: Match): Branch => conditionsOf(match);

/** The filter's `$or` taken apart, each part joined with what is around it; undefined when there is nothing to part. */
export function branchesOf(match: Match): readonly Branch[] | undefined {
  const ors = orsOf(match);
  const [smallest] = [...ors].sort((a, b) => a.length - b.length);
  if (!smallest) return undefined;
  const around = conditionsOf(match);
  const parts = smallest.flatMap((part) => branchesOf(part) ?? [conditionsOf(part)]);
  return parts.length > MOST_BRANCHES ? undefined : parts.map((part) => [...around, ...part]);
}
