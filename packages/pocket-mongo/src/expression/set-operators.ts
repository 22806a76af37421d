import { MongoError } from '../errors.ts';
import { identityOf } from '../values/key-pattern.ts';
import { typeName } from '../values/type-name.ts';
import type { Value } from '../values/value.ts';
import { taking, takingAny } from './operands.ts';
import type { Operator } from './scope.ts';
import { isNothing, isTrue } from './truth.ts';

const setOf = (array: readonly Value[]): Map<string, Value> =>
  new Map(array.map((value) => [identityOf(value ?? null), value]));

function arrayIn(name: string, value: Value, code: number): readonly Value[] {
  if (Array.isArray(value)) return value;
  throw new MongoError(code, `All operands of ${name} must be arrays. One argument is of type: ${typeName(value)}`);
}

function union(values: Value[]): Value {
  if (values.some(isNothing)) return null;
  return [...setOf(values.flatMap((value) => arrayIn('$setUnion', value, 17043))).values()];
}

function intersection(values: Value[]): Value {
  if (values.some(isNothing)) return null;
  const [first, ...others] = values.map((value) => setOf(arrayIn('$setIntersection', value, 17047)));
  return [...(first ?? new Map<string, Value>())]
    .filter(([identity]) => others.every((other) => other.has(identity)))
    .map(([, value]) => value);
}

function difference(a: Value, b: Value): Value {
  if (isNothing(a) || isNothing(b)) return null;
  const left = setOf(arrayIn('$setDifference', a, 17048));
  const right = setOf(arrayIn('$setDifference', b, 17049));
  return [...left].filter(([identity]) => !right.has(identity)).map(([, value]) => value);
}

function equals(values: Value[]): Value {
  if (values.length < 2)
    throw new MongoError(17045, `$setEquals needs at least two arguments had: ${String(values.length)}`);
  const [first, ...others] = values.map((value) => setOf(arrayIn('$setEquals', value, 17044)));
  return others.every((other) => other.size === first?.size && [...other.keys()].every((key) => first.has(key)));
}

/** Expression operators that take arrays as sets. */
export const SET_OPERATORS: Readonly<Record<string, Operator>> = Object.fromEntries([
  takingAny('$setUnion', union),
  takingAny('$setIntersection', intersection),
  taking('$setDifference', 2, difference),
  takingAny('$setEquals', equals),
  taking('$setIsSubset', 2, (a, b) => {
    const whole = setOf(arrayIn('$setIsSubset', b, 17042));
    return [...setOf(arrayIn('$setIsSubset', a, 17046)).keys()].every((key) => whole.has(key));
  }),
  taking('$allElementsTrue', 1, (array) => arrayIn('$allElementsTrue', array, 17040).every(isTrue)),
  taking('$anyElementTrue', 1, (array) => arrayIn('$anyElementTrue', array, 17041).some(isTrue)),
]);
