import { Decimal128, Double, Long, ObjectId, type Timestamp } from 'bson';
import { MongoError } from '../errors.ts';
import { asDecimal, exactOf, kindOf, toDouble } from '../values/number.ts';
import { show } from '../values/show.ts';
import { typeName } from '../values/type-name.ts';
import { isNumeric, type Numeric, RANK, rankOf, type Value } from '../values/value.ts';
import { asText } from './as-text.ts';
import { parseInstant } from './parse-instant.ts';

const failure = (what: string): MongoError => new MongoError(241, `${what} in $convert with no onError value`);
const unsupported = (value: Value, to: string): MongoError =>
  failure(`Unsupported conversion from ${typeName(value)} to ${to}`);
const badNumber = (text: string): MongoError =>
  new MongoError(241, `Failed to parse number '${text}' in $convert with no onError value`);

function truncated(value: Numeric): bigint {
  const exact = exactOf(value);
  if (!exact) {
    const kind = Number.isNaN(toDouble(value)) ? 'NaN' : 'infinity';
    throw failure(`Attempt to convert ${kind} value to integer type`);
  }
  const scale = 10n ** BigInt(Math.abs(exact.exponent));
  return exact.exponent < 0 ? exact.coefficient / scale : exact.coefficient * scale;
}

function toInteger(value: Value, to: 'int' | 'long', bits: 32 | 64): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Date && to === 'long') return BigInt(value.getTime());
  if (typeof value === 'string' && !/^[+-]?\d+$/.test(value)) throw badNumber(value);
  if (typeof value !== 'string' && !isNumeric(value)) throw unsupported(value, to);
  const integer = typeof value === 'string' ? BigInt(value.replace(/^\+/, '')) : truncated(value);
  if (BigInt.asIntN(bits, integer) === integer) return integer;
  if (typeof value === 'string') throw badNumber(value);
  throw new MongoError(241, `Conversion would overflow target type in $convert with no onError value: ${show(value)}`);
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function toDoubleValue(value: Value): Value {
  if (typeof value === 'boolean') return new Double(Number(value));
  if (value instanceof Date) return new Double(value.getTime());
  if (isNumeric(value)) return new Double(toDouble(value));
  if (typeof value !== 'string') throw unsupported(value, 'double');
  if (NUMBER.test(value) && Number.isFinite(Number(value))) return new Double(Number(value));
  const special = /^([+-])?(inf|infinity|nan)$/i.exec(value);
  if (!special) throw badNumber(value);
  if (special[2]?.toLowerCase() === 'nan') return new Double(Number.NaN);
  return new Double(special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
}

function toDecimal(value: Value): Value {
  if (typeof value === 'boolean') return Decimal128.fromString(value ? '1' : '0');
  if (value instanceof Date) return Decimal128.fromString(String(value.getTime()));
  if (isNumeric(value)) return asDecimal(value);
  if (typeof value !== 'string') throw unsupported(value, 'decimal');
  try {
    return Decimal128.fromString(value);
  } catch {
    throw badNumber(value);
  }
}

function toDate(value: Value): Value {
  if (value instanceof Date) return value;
  if (isNumeric(value) && kindOf(value) !== 'int') return new Date(Number(truncated(value)));
  if (rankOf(value) === RANK.objectId) return (value as ObjectId).getTimestamp();
  if (rankOf(value) === RANK.timestamp) return new Date((value as Timestamp).t * 1000);
  if (typeof value !== 'string') throw unsupported(value, 'date');
  const instant = parseInstant(value);
  if (!instant) throw new MongoError(241, `Error parsing date string '${value}' in $convert with no onError value`);
  return instant;
}

function toText(value: Value): Value {
  if (typeof value === 'boolean') return String(value);
  if (rankOf(value) === RANK.objectId) return (value as ObjectId).toHexString();
  if (typeof value === 'string' || isNumeric(value) || value instanceof Date) return asText(value);
  throw unsupported(value, 'string');
}

function toBool(value: Value): Value {
  if (typeof value === 'boolean') return value;
  if (isNumeric(value)) return toDouble(value) !== 0;
  if (typeof value === 'string' || value instanceof Date || rankOf(value) === RANK.objectId) return true;
  if (rankOf(value) === RANK.timestamp) return true;
  throw unsupported(value, 'bool');
}

function toObjectId(value: Value): Value {
  if (rankOf(value) === RANK.objectId) return value;
  if (typeof value !== 'string') throw unsupported(value, 'objectId');
  if (/^[0-9a-f]{24}$/i.test(value)) return ObjectId.createFromHexString(value);
  throw new MongoError(
    241,
    `Failed to parse objectId '${value}' in $convert with no onError value: Invalid string length for parsing to OID, expected 24 but found ${String(value.length)}`,
  );
}

/** MongoDB's conversions by target type (manual: "$convert"); each throws ConversionFailure (241). */
export const CONVERSIONS: Readonly<Record<string, (value: Value) => Value>> = {
  bool: toBool,
  int: (value) => Number(toInteger(value, 'int', 32)),
  long: (value) => Long.fromBigInt(toInteger(value, 'long', 64)),
  double: toDoubleValue,
  decimal: toDecimal,
  string: toText,
  date: toDate,
  objectId: toObjectId,
};
