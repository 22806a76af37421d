import { Double, Long } from 'bson';
import { MongoError } from '../errors.ts';
import { add, asDecimal, divide, kindOf, multiply, negate, toDouble } from '../values/number.ts';
import { typeName } from '../values/type-name.ts';
import { isNumeric, type Numeric, type Value } from '../values/value.ts';
import { between, taking, takingAny } from './operands.ts';
import type { Operator } from './scope.ts';
import { isNothing } from './truth.ts';

/** int64 overflow turns into a double, as in MongoDB's expressions. */
const sum = (a: Numeric, b: Numeric): Numeric => add(a, b) ?? new Double(toDouble(a) + toDouble(b));
const product = (a: Numeric, b: Numeric): Numeric => multiply(a, b) ?? new Double(toDouble(a) * toDouble(b));

function addAll(values: Value[]): Value {
  let total: Numeric = 0;
  let date: Date | undefined;
  for (const value of values) {
    if (isNothing(value)) return null;
    if (value instanceof Date) {
      if (date) throw new MongoError(16612, 'only one date allowed in an $add expression');
      date = value;
    } else if (isNumeric(value)) total = sum(total, value);
    else throw new MongoError(14, `$add only supports numeric or date types, not ${typeName(value)}`);
  }
  return date ? new Date(date.getTime() + Math.round(toDouble(total))) : total;
}

function subtract(a: Value, b: Value): Value {
  if (isNothing(a) || isNothing(b)) return null;
  if (a instanceof Date && b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime());
  if (a instanceof Date && isNumeric(b)) return new Date(a.getTime() - Math.round(toDouble(b)));
  if (!isNumeric(a) || !isNumeric(b)) throw new MongoError(14, `can't $subtract ${typeName(b)} from ${typeName(a)}`);
  return sum(a, negate(b) ?? new Double(-toDouble(b)));
}

function multiplyAll(values: Value[]): Value {
  let total: Numeric = 1;
  for (const value of values) {
    if (isNothing(value)) return null;
    if (!isNumeric(value)) throw new MongoError(14, `$multiply only supports numeric types, not ${typeName(value)}`);
    total = product(total, value);
  }
  return total;
}

function quotient(a: Value, b: Value): Value {
  if (isNothing(a) || isNothing(b)) return null;
  if (!isNumeric(a) || !isNumeric(b))
    throw new MongoError(14, `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  if (toDouble(b) === 0) throw new MongoError(2, "can't $divide by zero");
  return divide(a, b);
}

function modulo(a: Value, b: Value): Value {
  if (isNothing(a) || isNothing(b)) return null;
  if (!isNumeric(a) || !isNumeric(b))
    throw new MongoError(16611, `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  if (toDouble(b) === 0) throw new MongoError(16610, "can't $mod by zero");
  return like(toDouble(a) % toDouble(b), kindOf(a) === 'double' ? a : b);
}

/** Gives a result the type of an operand: integers stay integers. */
function like(value: number, operand: Numeric): Numeric {
  switch (kindOf(operand)) {
    case 'int':
      return value + 0;
    case 'long':
      return Long.fromNumber(value);
    case 'double':
      return new Double(value);
    case 'decimal':
      return asDecimal(new Double(value));
  }
}

const whole = (name: string, apply: (value: number) => number): readonly [string, Operator] =>
  taking(name, 1, (value) => {
    if (isNothing(value)) return null;
    if (!isNumeric(value)) throw new MongoError(28765, `${name} only supports numeric types, not ${typeName(value)}`);
    return kindOf(value) === 'long' ? value : like(apply(toDouble(value)), value);
  });

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

const rounding = (name: string, apply: (value: number) => number): readonly [string, Operator] =>
  between(name, 1, 2, (value, place) => {
    if (isNothing(value)) return null;
    if (!isNumeric(value)) throw new MongoError(51081, `${name} only supports numeric types, not ${typeName(value)}`);
    const digits = isNumeric(place) ? toDouble(place) : 0;
    if (!Number.isInteger(digits) || digits < -20 || digits > 100)
      throw new MongoError(
        51083,
        `cannot apply ${name} with precision value ${String(digits)} value must be in [-20, 100]`,
      );
    const shifted = Number(`${String(toDouble(value))}e${String(digits)}`);
    if (Number.isNaN(shifted)) return value;
    return like(Number(`${String(apply(shifted))}e${String(-digits)}`), value);
  });

/** Arithmetic expression operators. */
export const ARITHMETIC_OPERATORS: Readonly<Record<string, Operator>> = Object.fromEntries([
  takingAny('$add', addAll),
  takingAny('$multiply', multiplyAll),
  taking('$subtract', 2, subtract),
  taking('$divide', 2, quotient),
  taking('$mod', 2, modulo),
  whole('$abs', Math.abs),
  whole('$ceil', Math.ceil),
  whole('$floor', Math.floor),
  rounding('$round', roundHalfToEven),
  rounding('$trunc', Math.trunc),
]);
