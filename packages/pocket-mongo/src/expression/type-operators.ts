import { badValue, failedToParse, MongoError, notImplemented } from '../errors.ts';
import { toDouble } from '../values/number.ts';
import { typeName, typesNamed } from '../values/type-name.ts';
import { field, isDoc, isNumeric, type Value } from '../values/value.ts';
import { CONVERSIONS } from './conversion.ts';
import { named, taking } from './operands.ts';
import type { Operator } from './scope.ts';
import { isNothing } from './truth.ts';

function conversionTo(to: Value): (value: Value) => Value {
  if (typeof to !== 'string' && !isNumeric(to))
    throw failedToParse(`$convert's 'to' argument must be a string or number, but is ${typeName(to)}`);
  const [type = '', ...more] = typesNamed(typeof to === 'string' ? to : toDouble(to)) ?? [];
  if (type === '' || more.length > 0) throw badValue(`Unknown type name: ${String(to)}`);
  const convert = CONVERSIONS[type];
  if (!convert) throw notImplemented(`$convert to ${type}`);
  return convert;
}

const convert: Operator = (argument, compile) => {
  if (isDoc(argument) && Object.hasOwn(argument, 'format')) throw notImplemented('$convert with format');
  if (isDoc(argument) && isDoc(field(argument, 'to'))) throw notImplemented('$convert to a type computed');
  const codes = { object: 9, unknown: 9, missing: { input: 9, to: 9 } };
  const parts = named('$convert', argument, compile, ['input', 'to'], ['onError', 'onNull'], codes);
  return (scope) => {
    const input = parts['input']?.(scope);
    const to = parts['to']?.(scope);
    if (isNothing(input)) return parts['onNull'] ? parts['onNull'](scope) : null;
    if (isNothing(to)) return null;
    const apply = conversionTo(to);
    try {
      return apply(input);
    } catch (error) {
      if (parts['onError'] && error instanceof MongoError && error.code === 241) return parts['onError'](scope);
      throw error;
    }
  };
};

const to = (name: string, type: string): readonly [string, Operator] =>
  taking(name, 1, (value) => (isNothing(value) ? null : CONVERSIONS[type]?.(value)));

/** Expression operators about the types of values. */
export const TYPE_OPERATORS: Readonly<Record<string, Operator>> = {
  $convert: convert,
  ...Object.fromEntries([
    taking('$type', 1, typeName),
    taking('$isNumber', 1, isNumeric),
    to('$toBool', 'bool'),
    to('$toInt', 'int'),
    to('$toLong', 'long'),
    to('$toDouble', 'double'),
    to('$toDecimal', 'decimal'),
    to('$toString', 'string'),
    to('$toDate', 'date'),
    to('$toObjectId', 'objectId'),
  ]),
};
