import type { Binary } from 'bson';
import { badValue } from '../errors.ts';
import { exactOf, toDouble, toInteger } from '../values/number.ts';
import { isNumeric, RANK, rankOf, type Value } from '../values/value.ts';

const SIGN_EXTENSION = 64;

/** The bit positions that an operator's argument names: a list, a number's bits, or the bits of binary data. */
function positionsOf(operator: string, argument: Value): number[] {
  if (Array.isArray(argument))
    return argument.map((position) => {
      const at = isNumeric(position) ? toInteger(position) : undefined;
      if (at === undefined) throw badValue(`Failed to parse bit position. Expected a number in: ${operator}`);
      if (at < 0) throw badValue('Failed to parse bit position. Expected a non-negative number');
      return at;
    });
  if (isNumeric(argument)) {
    const mask = toInteger(argument);
    if (mask === undefined || mask < 0) throw badValue(`${operator} takes a non-negative integer mask`);
    return bitsOf(BigInt(mask));
  }
  if (rankOf(argument) === RANK.binary) return bitsOf(binaryNumber(argument as Binary));
  throw badValue(`${operator} takes an Array, a number, or a BinData but received: ${typeof argument}`);
}

function bitsOf(mask: bigint): number[] {
  const positions: number[] = [];
  for (let rest = mask, at = 0; rest > 0n; rest >>= 1n, at++) if ((rest & 1n) === 1n) positions.push(at);
  return positions;
}

/** Binary data counts bits from the lowest of its first byte. */
const binaryNumber = (binary: Binary): bigint =>
  BigInt(`0x0${Buffer.from(binary.buffer.subarray(0, binary.length())).reverse().toString('hex')}`);

function numberBits(value: Value): bigint | undefined {
  if (rankOf(value) === RANK.binary) return binaryNumber(value as Binary);
  if (!isNumeric(value) || Math.abs(toDouble(value)) >= 2 ** 63) return undefined;
  const exact = exactOf(value);
  if (!exact) return undefined;
  const scale = 10n ** BigInt(Math.abs(exact.exponent));
  if (exact.exponent >= 0) return exact.coefficient * scale;
  return exact.coefficient % scale === 0n ? exact.coefficient / scale : undefined;
}

/** The test of a bitwise query operator (manual: "Bitwise Query Operators"). */
export function bitsTest(operator: string, argument: Value): (value: Value) => boolean {
  const positions = positionsOf(operator, argument);
  const wanted = operator.endsWith('Set');
  const every = operator.includes('All');
  return (value) => {
    const bits = numberBits(value);
    if (bits === undefined) return false;
    const holds = (at: number): boolean => ((bits >> BigInt(Math.min(at, SIGN_EXTENSION))) & 1n) === (wanted ? 1n : 0n);
    return every ? positions.every(holds) : positions.some(holds);
  };
}
