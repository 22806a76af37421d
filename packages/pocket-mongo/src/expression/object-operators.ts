import { accumulatorNamed } from '../aggregation/accumulators.ts';
import { MongoError } from '../errors.ts';
import { typeName } from '../values/type-name.ts';
import { type Doc, field, isDoc, setField, type Value } from '../values/value.ts';
import { named, taking, takingAny } from './operands.ts';
import type { Compile, Operator } from './scope.ts';
import { isNothing } from './truth.ts';

/** A field's name as `$getField` and the like take it: a constant string. */
function constantName(operator: string, value: Value, compile: Compile): string {
  const name = isDoc(value) ? compile(value)({ root: {}, variables: {} }) : value;
  if (typeof name !== 'string')
    throw new MongoError(5654602, `${operator} requires 'field' to evaluate to type String, but got ${typeName(name)}`);
  if (typeof value === 'string' && value.startsWith('$'))
    throw new MongoError(5654600, `${operator} requires 'field' to evaluate to a constant`);
  return name;
}

const getField: Operator = (argument, compile) => {
  const isFull = isDoc(argument) && Object.keys(argument)[0]?.startsWith('$') !== true;
  if (isFull && !Object.hasOwn(argument, 'field'))
    throw new MongoError(3041702, "$getField requires 'field' to be specified");
  if (isFull && !Object.hasOwn(argument, 'input'))
    throw new MongoError(3041703, "$getField requires 'input' to be specified");
  const name = constantName('$getField', isFull ? field(argument, 'field') : argument, compile);
  const input = compile(isFull ? field(argument, 'input') : '$$CURRENT');
  return (scope) => {
    const value = input(scope);
    if (isDoc(value)) return field(value, name);
    return isNothing(value) ? null : undefined;
  };
};

const setIn =
  (operator: '$setField' | '$unsetField'): Operator =>
  (argument, compile) => {
    const wanted = operator === '$setField' ? ['field', 'input', 'value'] : ['field', 'input'];
    if (!isDoc(argument) || wanted.some((part) => !Object.hasOwn(argument, part)))
      throw new MongoError(4161102, `${operator} requires ${wanted.map((part) => `'${part}'`).join(', ')}`);
    const name = constantName(operator, field(argument, 'field'), compile);
    const rest = Object.fromEntries(Object.entries(argument).filter(([part]) => part !== 'field'));
    const parts = named(operator, rest, compile, wanted.slice(1));
    return (scope) => {
      const input = parts['input']?.(scope);
      if (isNothing(input)) return null;
      if (!isDoc(input)) throw new MongoError(4161105, `${operator} requires 'input' to evaluate to type Object`);
      const out: Doc = { ...input };
      const value = parts['value']?.(scope);
      if (value === undefined) delete out[name];
      else setField(out, name, value);
      return out;
    };
  };

/** Expression operators on documents. */
export const OBJECT_OPERATORS: Readonly<Record<string, Operator>> = {
  $getField: getField,
  $setField: setIn('$setField'),
  $unsetField: setIn('$unsetField'),
  ...Object.fromEntries([
    takingAny('$mergeObjects', (values) => {
      const merged = accumulatorNamed('$mergeObjects')();
      for (const value of values) merged.add(value);
      return merged.result();
    }),
    taking('$objectToArray', 1, (value) => {
      if (isNothing(value)) return null;
      if (isDoc(value)) return Object.keys(value).map((k) => ({ k, v: field(value, k) }));
      throw new MongoError(40390, `$objectToArray requires a document input, found: ${typeName(value)}`);
    }),
  ]),
};
