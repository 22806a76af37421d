import { MongoError } from '../errors.ts';
import { field, isDoc, type Value } from '../values/value.ts';
import { named, taking } from './operands.ts';
import type { Operator } from './scope.ts';
import { compareResults, isNothing, isTrue } from './truth.ts';

const and: Operator = (argument, compile) => {
  const parts = (Array.isArray(argument) ? argument : [argument]).map(compile);
  return (scope) => parts.every((part) => isTrue(part(scope)));
};

const or: Operator = (argument, compile) => {
  const parts = (Array.isArray(argument) ? argument : [argument]).map(compile);
  return (scope) => parts.some((part) => isTrue(part(scope)));
};

const cond: Operator = (argument, compile) => {
  if (Array.isArray(argument) && argument.length !== 3)
    throw new MongoError(
      16020,
      `Expression $cond takes exactly 3 arguments. ${String(argument.length)} were passed in.`,
    );
  const [condition, yes, no] = Array.isArray(argument)
    ? argument.map(compile)
    : Object.values(named('$cond', argument, compile, ['if', 'then', 'else']));
  return (scope) => (isTrue(condition?.(scope)) ? yes?.(scope) : no?.(scope));
};

const ifNull: Operator = (argument, compile) => {
  if (!Array.isArray(argument) || argument.length < 2)
    throw new MongoError(1257300, '$ifNull needs at least two arguments, had: 1');
  const parts = argument.map(compile);
  return (scope) => {
    let value: Value;
    for (const part of parts) {
      value = part(scope);
      if (!isNothing(value)) return value;
    }
    return value;
  };
};

const choose: Operator = (argument, compile) => {
  const branches = isDoc(argument) ? field(argument, 'branches') : undefined;
  if (!isDoc(argument) || !Array.isArray(branches) || branches.length === 0)
    throw new MongoError(40068, '$switch requires at least one branch.');
  const cases = branches.map((branch) => named('$switch', branch, compile, ['case', 'then']));
  const otherwise = Object.hasOwn(argument, 'default') ? compile(field(argument, 'default')) : undefined;
  return (scope) => {
    for (const branch of cases) if (isTrue(branch['case']?.(scope))) return branch['then']?.(scope);
    if (!otherwise)
      throw new MongoError(
        40066,
        '$switch could not find a matching branch for an input, and no default was specified.',
      );
    return otherwise(scope);
  };
};

/** Comparison, boolean and conditional expression operators. */
export const LOGIC_OPERATORS: Readonly<Record<string, Operator>> = {
  $and: and,
  $or: or,
  $cond: cond,
  $ifNull: ifNull,
  $switch: choose,
  ...Object.fromEntries([
    taking('$not', 1, (value) => !isTrue(value)),
    taking('$eq', 2, (a, b) => compareResults(a, b) === 0),
    taking('$ne', 2, (a, b) => compareResults(a, b) !== 0),
    taking('$gt', 2, (a, b) => compareResults(a, b) > 0),
    taking('$gte', 2, (a, b) => compareResults(a, b) >= 0),
    taking('$lt', 2, (a, b) => compareResults(a, b) < 0),
    taking('$lte', 2, (a, b) => compareResults(a, b) <= 0),
    taking('$cmp', 2, (a, b) => Math.sign(compareResults(a, b))),
  ]),
};
