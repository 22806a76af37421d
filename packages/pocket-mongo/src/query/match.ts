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

/** Parts that have to match all. Classes, since a filter is read for every command and closures are dear to make. */
class AllOf implements Match {
  readonly node: { readonly kind: 'and'; readonly of: readonly Match[] };

  constructor(of: readonly Match[]) {
    this.node = { kind: 'and', of };
  }

  test(doc: Doc): boolean {
    return this.node.of.every((match) => match.test(doc));
  }

  position(doc: Doc): number | undefined {
    return this.node.of.reduce<number | undefined>((found, match) => match.position(doc) ?? found, undefined);
  }
}

class AnyOf implements Match {
  readonly node: { readonly kind: 'or'; readonly of: readonly Match[] };

  constructor(of: readonly Match[]) {
    this.node = { kind: 'or', of };
  }

  test(doc: Doc): boolean {
    return this.node.of.some((match) => match.test(doc));
  }

  position(doc: Doc): number | undefined {
    return this.node.of.find((match) => match.test(doc))?.position(doc);
  }
}

class PathMatch implements Match {
  readonly node: { readonly kind: 'path'; readonly path: string; readonly predicate: Predicate };
  readonly #parts: readonly string[];
  readonly #isWhole: boolean;

  constructor(path: string, predicate: Predicate) {
    this.node = { kind: 'path', path, predicate };
    this.#parts = path.split('.');
    this.#isWhole = path === ELEMENT;
  }

  test(doc: Doc): boolean {
    const [name = ''] = this.#parts;
    if (this.#parts.length === 1) return this.#holds(Object.hasOwn(doc, name) ? doc[name] : undefined, this.#isWhole);
    return walk(doc, this.#parts, (value, whole) => this.#holds(value, whole));
  }

  position(doc: Doc): number | undefined {
    const { predicate } = this.node;
    let found: number | undefined;
    walk(doc, this.#parts, (value, whole, index) => {
      if (!this.#holds(value, whole)) return false;
      found = index ?? (Array.isArray(value) && !whole ? elementIndex(value, predicate) : undefined);
      return true;
    });
    return found;
  }

  #holds(value: Value, whole: boolean): boolean {
    const { predicate } = this.node;
    if (predicate.test(value)) return true;
    return predicate.elements && !whole && Array.isArray(value) && value.some((element) => predicate.test(element));
  }
}

/** Matches when all parts do; an empty list matches everything. */
export function allOf(of: readonly Match[]): Match {
  const [only] = of;
  return only && of.length === 1 ? only : new AllOf(of);
}

export const anyOf = (of: readonly Match[]): Match => new AnyOf(of);

/** Matches by a test that no index can help with. */
export const opaque = (test: (doc: Doc) => boolean): Match => ({ node: OPAQUE, test, position: () => undefined });

/** Matches when some value at the path satisfies the predicate. */
export const atPath = (path: string, predicate: Predicate): Match => new PathMatch(path, predicate);

function elementIndex(array: readonly Value[], predicate: Predicate): number | undefined {
  const index = array.findIndex(predicate.element ?? ((element) => predicate.elements && predicate.test(element)));
  return index < 0 ? undefined : index;
}
