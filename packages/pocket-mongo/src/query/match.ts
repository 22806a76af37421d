import type { Doc, Value } from '../values/value.ts';
import { walk } from '../values/walk.ts';

/** A condition on one value that a path reached. `value` is undefined where the path leads nowhere. */
export interface Predicate {
  /** What the planner can make of it; everything else is only tested. */
  readonly shape: Shape;
  /** True when the elements of a reached array are tested as well as the array. */
  readonly elements: boolean;
  test(value: Value): boolean;
  /** For a predicate about a whole array that looks for one element: the test of that element. */
  readonly element?: (value: Value) => boolean;
}

/** The path of an array's element that is tested on its own and, being an array, is not taken apart again. */
export const ELEMENT = '\0element';

export type Shape =
  | { readonly kind: 'equal'; readonly value: Value }
  | { readonly kind: 'range'; readonly op: '$gt' | '$gte' | '$lt' | '$lte'; readonly value: Value }
  | { readonly kind: 'in'; readonly values: readonly Value[] }
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'exists' }
  | { readonly kind: 'notNull' }
  | { readonly kind: 'elements'; readonly match: Match }
  | { readonly kind: 'opaque' };

/** A whole filter, or a part of one, ready to be tested and to be looked through by the planner. */
export interface Match {
  readonly node:
    | { readonly kind: 'and' | 'or'; readonly of: readonly Match[] }
    | { readonly kind: 'path'; readonly path: string; readonly predicate: Predicate }
    | { readonly kind: 'opaque' };
  test(doc: Doc): boolean;
  /** The place in the array that made the document match, for the positional operator `$`. */
  position(doc: Doc): number | undefined;
}

const OPAQUE = { kind: 'opaque' } as const;

/** Matches when all parts do; an empty list matches everything. */
export function allOf(of: readonly Match[]): Match {
  const [only] = of;
  if (only && of.length === 1) return only;
  return {
    node: { kind: 'and', of },
    test: (doc) => of.every((match) => match.test(doc)),
    position: (doc) => of.reduce<number | undefined>((found, match) => match.position(doc) ?? found, undefined),
  };
}

export function anyOf(of: readonly Match[]): Match {
  return {
    node: { kind: 'or', of },
    test: (doc) => of.some((match) => match.test(doc)),
    position: (doc) => of.find((match) => match.test(doc))?.position(doc),
  };
}

/** Matches by a test that no index can help with. */
export const opaque = (test: (doc: Doc) => boolean): Match => ({ node: OPAQUE, test, position: () => undefined });

/** Matches when some value at the path satisfies the predicate. */
export function atPath(path: string, predicate: Predicate): Match {
  const parts = path.split('.');
  const name = parts[0] ?? '';
  const holds = (value: Value, whole: boolean): boolean =>
    predicate.test(value) ||
    (predicate.elements && !whole && Array.isArray(value) && value.some((element) => predicate.test(element)));
  const whole = path === ELEMENT;
  const direct = (doc: Doc): boolean => holds(Object.hasOwn(doc, name) ? doc[name] : undefined, whole);
  return {
    node: { kind: 'path', path, predicate },
    test: parts.length === 1 ? direct : (doc) => walk(doc, parts, holds),
    position: (doc) => {
      let found: number | undefined;
      walk(doc, parts, (value, whole, index) => {
        if (!holds(value, whole)) return false;
        found = index ?? (Array.isArray(value) && !whole ? elementIndex(value, predicate) : undefined);
        return true;
      });
      return found;
    },
  };
}

function elementIndex(array: readonly Value[], predicate: Predicate): number | undefined {
  const index = array.findIndex(predicate.element ?? ((element) => predicate.elements && predicate.test(element)));
  return index < 0 ? undefined : index;
}
