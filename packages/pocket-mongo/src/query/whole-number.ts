import { badValue } from '../errors.ts';
import { toDouble, toInteger } from '../values/number.ts';
import { show } from '../values/show.ts';
import { isNumeric, type Value } from '../values/value.ts';

/** Reads an operator's argument that has to be a whole number; throws MongoDB's words when it is none. */
export function wholeNumber(value: Value, operator: string): number {
  if (!isNumeric(value))
    throw badValue(`Failed to parse ${operator}. Expected a number in: ${operator}: ${show(value)}`);
  const integer = toInteger(value);
  if (integer !== undefined) return integer;
  const problem = Number.isFinite(toDouble(value)) ? 'Expected an integer' : 'Cannot represent as a 64-bit integer';
  throw badValue(`Failed to parse ${operator}. ${problem}: ${operator}: ${show(value)}`);
}
