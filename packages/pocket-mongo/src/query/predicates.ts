import type { BSONRegExp } from 'bson';
import { compare } from '../values/compare.ts';
import { identityOf } from '../values/key-pattern.ts';
import { isNaNValue } from '../values/number.ts';
import { isNumeric, RANK, rankOf, type Value } from '../values/value.ts';
import type { Predicate } from './match.ts';
import { compileRegex, literalPrefix } from './regex.ts';

const isNull = (value: Value): boolean => value === null || value === undefined;

class EqualTo implements Predicate {
  readonly shape: { readonly kind: 'equal'; readonly value: Value };
  readonly elements = true;
  readonly #isSimple: boolean;

  constructor(wanted: Value) {
    this.shape = { kind: 'equal', value: wanted };
    this.#isSimple = typeof wanted === 'string' || typeof wanted === 'boolean';
  }

  test(value: Value): boolean {
    const wanted = this.shape.value;
    if (isNull(wanted)) return isNull(value);
    if (this.#isSimple && typeof value !== 'object') return value === wanted;
    return value !== undefined && compare(value, wanted) === 0;
  }
}

/** Equality by value and type class: 5, Long 5 and 5.0 are one; null equals a missing field. */
export const equalTo = (wanted: Value): Predicate => new EqualTo(wanted);

/** A comparison, which holds only between values of one type class (manual: "Type Bracketing"). */
export function inRange(op: '$gt' | '$gte' | '$lt' | '$lte', limit: Value): Predicate {
  const rank = rankOf(limit);
  const anyType = rank === RANK.minKey || rank === RANK.maxKey;
  const orEqual = op === '$gte' || op === '$lte';
  const sign = op === '$gt' || op === '$gte' ? 1 : -1;
  const nan = isNumeric(limit) && isNaNValue(limit);
  return {
    shape: { kind: 'range', op, value: limit },
    elements: true,
    test: (value) => {
      if (!anyType && rankOf(value) !== rank) return false;
      const order = compare(value, limit);
      if (order === 0) return orEqual;
      if (nan || (isNumeric(value) && isNaNValue(value) && !anyType)) return false;
      return order * sign > 0;
    },
  };
}

/** Equality to one of several values, or a match with one of several regular expressions. */
export function oneOf(values: readonly Value[]): Predicate {
  const plain = values.filter((value) => rankOf(value) !== RANK.regex);
  const patterns = values.filter((value) => rankOf(value) === RANK.regex).map((value) => matching(value as BSONRegExp));
  const wanted = new Set(plain.map((value) => identityOf(value ?? null)));
  const test = (value: Value): boolean =>
    wanted.has(identityOf(value ?? null)) || patterns.some((pattern) => pattern.test(value));
  return { shape: patterns.length > 0 ? { kind: 'opaque' } : { kind: 'in', values: plain }, elements: true, test };
}

/** A regular expression: matches strings, and the same regular expression as a value. */
export function matching(pattern: BSONRegExp): Predicate {
  const regex = compileRegex(pattern.pattern, pattern.options);
  const prefix = literalPrefix(pattern.pattern, pattern.options);
  const test = (value: Value): boolean =>
    typeof value === 'string' ? regex.test(value) : rankOf(value) === RANK.regex && compare(value, pattern) === 0;
  return { shape: prefix ? { kind: 'prefix', prefix } : { kind: 'opaque' }, elements: true, test };
}

/** Matches any value that is there, null included. */
export const isThere: Predicate = {
  shape: { kind: 'exists' },
  elements: false,
  test: (value) => value !== undefined,
};
