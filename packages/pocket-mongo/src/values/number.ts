import { Decimal128, Double, Int32, Long } from 'bson';
import {
  addExact,
  compareExact,
  divideExact,
  type Exact,
  exactFromDouble,
  exactFromText,
  exactToDecimalText,
  multiplyExact,
} from './exact.ts';
import { type Numeric, tagOf } from './value.ts';

/** The four number types of BSON. */
export type NumberKind = 'int' | 'long' | 'double' | 'decimal';

export function kindOf(value: Numeric): NumberKind {
  if (typeof value === 'number') return value === (value | 0) && !Object.is(value, -0) ? 'int' : 'double';
  switch (tagOf(value)) {
    case 'Int32':
      return 'int';
    case 'Double':
      return 'double';
    case 'Long':
      return 'long';
    default:
      return 'decimal';
  }
}

/** The nearest double. Exact for int32, doubles and integers up to 2^53. */
export function toDouble(value: Numeric): number {
  if (typeof value === 'number') return value;
  switch (tagOf(value)) {
    case 'Int32':
    case 'Double':
      return (value as Int32).value;
    case 'Long':
      return (value as Long).toNumber();
    default:
      return Number((value as Decimal128).toString());
  }
}

const isFiniteDecimal = (text: string): boolean => !/[a-df-z]/i.test(text);

/** The exact value of a finite number; undefined for NaN and the infinities. */
export function exactOf(value: Numeric): Exact | undefined {
  if (typeof value === 'object' && tagOf(value) === 'Long')
    return { coefficient: (value as Long).toBigInt(), exponent: 0 };
  if (typeof value === 'object' && tagOf(value) === 'Decimal128') {
    const text = value.toString();
    return isFiniteDecimal(text) ? exactFromText(text) : undefined;
  }
  const double = toDouble(value);
  return Number.isFinite(double) ? exactFromDouble(double) : undefined;
}

/** The value as a double when nothing is lost by that, else undefined. */
export function losslessDouble(value: Numeric): number | undefined {
  if (typeof value === 'number') return value;
  const tag = tagOf(value);
  if (tag === 'Int32' || tag === 'Double') return (value as Int32).value;
  const double = toDouble(value);
  if (tag === 'Long' && Math.abs(double) <= Number.MAX_SAFE_INTEGER) return double;
  const exact = exactOf(value);
  if (exact === undefined) return double;
  return Number.isFinite(double) && compareExact(exact, exactFromDouble(double)) === 0 ? double : undefined;
}

const compareDoubles = (a: number, b: number): number => {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : 1;
};

/** MongoDB's order of numbers whatever their types: by value, NaN first. */
export function compareNumbers(a: Numeric, b: Numeric): number {
  const left = losslessDouble(a);
  const right = losslessDouble(b);
  if (left !== undefined && right !== undefined) return compareDoubles(left, right);
  const exactLeft = exactOf(a);
  const exactRight = exactOf(b);
  if (exactLeft && exactRight) return compareExact(exactLeft, exactRight);
  return compareDoubles(left ?? 0, right ?? 0);
}

export const isNaNValue = (value: Numeric): boolean => Number.isNaN(toDouble(value));

/** The value as an integer that JavaScript holds exactly, or undefined: 5, 5.0, Long 5 and Decimal 5 are all 5. */
export function toInteger(value: Numeric): number | undefined {
  const double = losslessDouble(value);
  return double !== undefined && Number.isSafeInteger(double) ? double + 0 : undefined;
}

const MAX_LONG = 2n ** 63n - 1n;
const MIN_LONG = -(2n ** 63n);

/** Wraps an integer as int32 when `kind` is int and it fits, else as int64; undefined when int64 is too small. */
function integer(value: bigint, kind: 'int' | 'long'): Numeric | undefined {
  if (kind === 'int' && value >= -2147483648n && value <= 2147483647n) return new Int32(Number(value));
  return value > MAX_LONG || value < MIN_LONG ? undefined : Long.fromBigInt(value);
}

const KINDS: readonly NumberKind[] = ['int', 'long', 'double', 'decimal'];
const wider = (a: Numeric, b: Numeric): NumberKind =>
  KINDS[Math.max(KINDS.indexOf(kindOf(a)), KINDS.indexOf(kindOf(b)))] ?? 'double';

const toBigInt = (value: Numeric): bigint => exactOf(value)?.coefficient ?? 0n;

function decimal(a: Numeric, b: Numeric, combine: (x: Exact, y: Exact) => Exact, plain: number): Decimal128 {
  const left = exactOf(asDecimal(a));
  const right = exactOf(asDecimal(b));
  if (left === undefined || right === undefined) return Decimal128.fromString(String(plain));
  return Decimal128.fromStringWithRounding(exactToDecimalText(combine(left, right)));
}

/** Adds by MongoDB's rules: the wider type wins, int32 grows to int64; undefined when int64 overflows. */
export function add(a: Numeric, b: Numeric): Numeric | undefined {
  const kind = wider(a, b);
  if (kind === 'decimal') return decimal(a, b, addExact, toDouble(a) + toDouble(b));
  if (kind === 'double') return new Double(toDouble(a) + toDouble(b));
  return integer(toBigInt(a) + toBigInt(b), kind);
}

/** Multiplies by the same rules as `add`. */
export function multiply(a: Numeric, b: Numeric): Numeric | undefined {
  const kind = wider(a, b);
  if (kind === 'decimal') return decimal(a, b, multiplyExact, toDouble(a) * toDouble(b));
  if (kind === 'double') return new Double(toDouble(a) * toDouble(b));
  return integer(toBigInt(a) * toBigInt(b), kind);
}

/** Divides: a double, or a Decimal128 when one of the two is. `b` is not zero. */
export function divide(a: Numeric, b: Numeric): Numeric {
  const plain = toDouble(a) / toDouble(b);
  return wider(a, b) === 'decimal' ? decimal(a, b, divideExact, plain) : new Double(plain);
}

/** The negative of a number, int32 growing to int64 where it must; undefined when int64 overflows. */
export const negate = (value: Numeric): Numeric | undefined => multiply(value, new Int32(-1));

/** A double becomes the decimal of its 15 first digits, as MongoDB converts; other types are exact. */
export function asDecimal(value: Numeric): Decimal128 {
  if (kindOf(value) === 'decimal') return value as Decimal128;
  if (kindOf(value) !== 'double') return Decimal128.fromString(value.toString());
  const double = toDouble(value);
  return Decimal128.fromString(Number.isFinite(double) ? double.toPrecision(15) : String(double));
}
