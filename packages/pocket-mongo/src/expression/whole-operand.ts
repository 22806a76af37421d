import { MongoError } from '../errors.ts';
import { toInteger } from '../values/number.ts';
import { show } from '../values/show.ts';
import { typeName } from '../values/type-name.ts';
import { isNumeric, type Value } from '../values/value.ts';

/** An operand that has to be a whole 32-bit number; `codes` are MongoDB's for a wrong type and for another number. */
export function wholeOperand(value: Value, what: string, codes: readonly [type: number, range: number]): number {
  if (!isNumeric(value)) throw new MongoError(codes[0], `${what} must be a numeric value, but is ${typeName(value)}`);
  const integer = toInteger(value);
  if (integer === undefined || integer !== (integer | 0))
    throw new MongoError(codes[1], `${what} must be representable as a 32-bit integer: ${show(value)}`);
  return integer;
}
