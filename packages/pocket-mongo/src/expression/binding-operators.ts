import { MongoError } from '../errors.ts';
import { typeName } from '../values/type-name.ts';
import { field, isDoc, type Value } from '../values/value.ts';
import { positiveLimit } from './array-operators.ts';
import { named } from './operands.ts';
import type { Evaluate, Operator, Scope } from './scope.ts';
import { isNothing, isTrue } from './truth.ts';
import { checkName } from './variable-name.ts';

/** The variable that stands for an element: `as`, or "this". */
function nameIn(argument: Value): string {
  const as = isDoc(argument) ? field(argument, 'as') : undefined;
  if (as === undefined) return 'this';
  if (typeof as !== 'string') throw new MongoError(9, "'as' must be a string");
  return checkName(as);
}

const bound = ({ root, variables }: Scope, more: Readonly<Record<string, Value>>): Scope => ({
  root,
  variables: { ...variables, ...more },
});

const withoutAs = (argument: Value): Value =>
  isDoc(argument) ? Object.fromEntries(Object.entries(argument).filter(([name]) => name !== 'as')) : argument;

const map: Operator = (argument, compile) => {
  const as = nameIn(argument);
  const codes = { object: 16878, unknown: 16879, missing: { input: 16880, in: 16882 } };
  const { input, in: body } = named('$map', withoutAs(argument), compile, ['input', 'in'], [], codes);
  return (scope) => {
    const array = input?.(scope);
    if (isNothing(array)) return null;
    if (!Array.isArray(array)) throw new MongoError(16883, `input to $map must be an array not ${typeName(array)}`);
    return array.map((element) => body?.(bound(scope, { [as]: element })) ?? null);
  };
};

const filter: Operator = (argument, compile) => {
  const as = nameIn(argument);
  const codes = { object: 28646, unknown: 28647, missing: { input: 28648, cond: 28650 } };
  const parts = named('$filter', withoutAs(argument), compile, ['input', 'cond'], ['limit'], codes);
  return (scope) => {
    const array = parts['input']?.(scope);
    if (isNothing(array)) return null;
    if (!Array.isArray(array)) throw new MongoError(28651, `input to $filter must be an array not ${typeName(array)}`);
    const limit = positiveLimit(parts['limit']?.(scope));
    const kept: Value[] = [];
    for (const element of array) {
      if (isTrue(parts['cond']?.(bound(scope, { [as]: element })))) kept.push(element);
      if (kept.length === limit) break;
    }
    return kept;
  };
};

const reduce: Operator = (argument, compile) => {
  const codes = { object: 40075, unknown: 40076, missing: { input: 40077, initialValue: 40078, in: 40079 } };
  const parts = named('$reduce', argument, compile, ['input', 'initialValue', 'in'], [], codes);
  return (scope) => {
    const array = parts['input']?.(scope);
    if (isNothing(array)) return null;
    if (!Array.isArray(array))
      throw new MongoError(40080, `$reduce requires that 'input' be an array, found: ${typeName(array)}`);
    let value = parts['initialValue']?.(scope);
    for (const element of array) value = parts['in']?.(bound(scope, { value, this: element }));
    return value;
  };
};

const bind: Operator = (argument, compile) => {
  if (!isDoc(argument)) throw new MongoError(16874, '$let only supports an object as its argument');
  const unknown = Object.keys(argument).find((name) => name !== 'vars' && name !== 'in');
  if (unknown !== undefined) throw new MongoError(16875, `Unrecognized parameter to $let: ${unknown}`);
  const vars = field(argument, 'vars');
  if (!isDoc(vars)) throw new MongoError(16876, "Missing 'vars' parameter to $let");
  if (!Object.hasOwn(argument, 'in')) throw new MongoError(16877, "Missing 'in' parameter to $let");
  const values: [string, Evaluate][] = Object.keys(vars).map((name) => [checkName(name), compile(field(vars, name))]);
  const body = compile(field(argument, 'in'));
  return (scope) => body(bound(scope, Object.fromEntries(values.map(([name, evaluate]) => [name, evaluate(scope)]))));
};

/** Expression operators that give their argument variables, and `$literal`, which takes it as it is. */
export const BINDING_OPERATORS: Readonly<Record<string, Operator>> = {
  $map: map,
  $filter: filter,
  $reduce: reduce,
  $let: bind,
  $literal: (argument) => () => argument,
};
