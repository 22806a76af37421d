import { MongoError } from '../errors.ts';
import { field, isDoc, type Value } from '../values/value.ts';
import type { Compile, Evaluate, Operator } from './scope.ts';

const listOf = (argument: Value): readonly Value[] => (Array.isArray(argument) ? argument : [argument]);

/** An operator that takes a fixed number of operands (a lone one without its array). */
export function taking(name: string, count: number, apply: (...values: Value[]) => Value): readonly [string, Operator] {
  return between(name, count, count, apply);
}

/** An operator that takes from `least` to `most` operands. */
export function between(
  name: string,
  least: number,
  most: number,
  apply: (...values: Value[]) => Value,
): readonly [string, Operator] {
  const operator: Operator = (argument, compile) => {
    const operands = listOf(argument);
    if (operands.length < least || operands.length > most) {
      const [code, expected] =
        least === most
          ? [16020, `takes exactly ${String(least)} arguments. ${String(operands.length)} were passed in.`]
          : [
              28667,
              `takes at least ${String(least)} arguments, and at most ${String(most)}, but ${String(operands.length)} were passed in.`,
            ];
      throw new MongoError(code, `Expression ${name} ${expected}`);
    }
    const evaluates = operands.map(compile);
    return (scope) => apply(...evaluates.map((evaluate) => evaluate(scope)));
  };
  return [name, operator];
}

/** An operator that takes any number of operands. */
export function takingAny(name: string, apply: (values: Value[]) => Value): readonly [string, Operator] {
  const operator: Operator = (argument, compile) => {
    const evaluates = listOf(argument).map(compile);
    return (scope) => apply(evaluates.map((evaluate) => evaluate(scope)));
  };
  return [name, operator];
}

/** The numbers of an operator's errors about its named arguments, where they are not the usual ones. */
export interface NamedCodes {
  readonly object: number;
  readonly unknown: number;
  readonly missing: Readonly<Record<string, number>>;
}

/** Compiles the named arguments of an operator like `{$filter: {input, cond}}`; others than these are refused. */
export function named(
  operator: string,
  argument: Value,
  compile: Compile,
  required: readonly string[],
  optional: readonly string[] = [],
  codes?: NamedCodes,
): Readonly<Record<string, Evaluate | undefined>> {
  if (!isDoc(argument))
    throw new MongoError(codes?.object ?? 40075, `${operator} only supports an object as its argument`);
  for (const name of Object.keys(argument))
    if (!required.includes(name) && !optional.includes(name))
      throw new MongoError(codes?.unknown ?? 40077, `Unrecognized parameter to ${operator}: ${name}`);
  const out: Record<string, Evaluate> = {};
  for (const name of [...required, ...optional]) {
    if (Object.hasOwn(argument, name)) out[name] = compile(field(argument, name));
    else if (required.includes(name))
      throw new MongoError(codes?.missing[name] ?? 40080, `Missing '${name}' parameter to ${operator}`);
  }
  return out;
}
