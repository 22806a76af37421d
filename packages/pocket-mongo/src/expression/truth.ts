import { compare } from '../values/compare.ts';
import { toDouble } from '../values/number.ts';
import { isNumeric, type Value } from '../values/value.ts';

/** Whether an expression's result counts as true: all but false, null, missing and zero. */
export const isTrue = (value: Value): boolean =>
  value !== undefined && value !== null && value !== false && !(isNumeric(value) && toDouble(value) === 0);

/** The order of expression results; unlike in queries, a missing value is less than null. */
export function compareResults(a: Value, b: Value): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compare(a, b);
}

export const isNothing = (value: Value): value is null | undefined => value === undefined || value === null;
