/** A finite number without loss: coefficient × 10^exponent. */
export interface Exact {
  readonly coefficient: bigint;
  readonly exponent: number;
}

const tens = (power: number): bigint => 10n ** BigInt(power);

/** Reads a decimal string as Decimal128 prints it ("1.5", "-2E+10"); the string must be finite. */
export function exactFromText(text: string): Exact {
  const [, sign = '', whole = '', , part = '', , power = '0'] =
    /^([+-]?)(\d*)(\.(\d*))?(E([+-]?\d+))?$/i.exec(text) ?? [];
  const digits = BigInt(`${whole}${part}` || '0');
  return { coefficient: sign === '-' ? -digits : digits, exponent: Number(power) - part.length };
}

/** The exact decimal value of a finite double: every binary fraction is one. */
export function exactFromDouble(value: number): Exact {
  if (Number.isInteger(value)) return { coefficient: BigInt(value), exponent: 0 };
  let scaled = value;
  let shifts = 0;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    shifts++;
  }
  return { coefficient: BigInt(scaled) * 5n ** BigInt(shifts), exponent: -shifts };
}

/** Negative, zero or positive as a is less than, equal to or more than b. */
export function compareExact(a: Exact, b: Exact): number {
  const difference = subtractExact(a, b).coefficient;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function addExact(a: Exact, b: Exact): Exact {
  const exponent = Math.min(a.exponent, b.exponent);
  const left = a.coefficient * tens(a.exponent - exponent);
  return { coefficient: left + b.coefficient * tens(b.exponent - exponent), exponent };
}

export const subtractExact = (a: Exact, b: Exact): Exact =>
  addExact(a, { coefficient: -b.coefficient, exponent: b.exponent });

export const multiplyExact = (a: Exact, b: Exact): Exact => ({
  coefficient: a.coefficient * b.coefficient,
  exponent: a.exponent + b.exponent,
});

/** Rounds half to even to at most 34 digits, the precision of Decimal128, and prints the result. */
export function exactToDecimalText(value: Exact): string {
  let { coefficient, exponent } = value;
  const negative = coefficient < 0n;
  if (negative) coefficient = -coefficient;
  const excess = coefficient.toString().length - 34;
  if (excess > 0) {
    const unit = tens(excess);
    const rest = coefficient % unit;
    coefficient /= unit;
    if (rest * 2n > unit || (rest * 2n === unit && coefficient % 2n === 1n)) coefficient += 1n;
    exponent += excess;
  }
  return `${negative ? '-' : ''}${coefficient.toString()}E${String(exponent)}`;
}

/** Divides to more digits than Decimal128 holds; an exact quotient keeps as few of them as it can. `b` is not zero. */
export function divideExact(a: Exact, b: Exact): Exact {
  const shift = Math.max(0, 40 + b.coefficient.toString().length - a.coefficient.toString().length);
  const scaled = a.coefficient * tens(shift);
  let coefficient = scaled / b.coefficient;
  let exponent = a.exponent - b.exponent - shift;
  if (scaled % b.coefficient !== 0n) return { coefficient: coefficient * 10n + 1n, exponent: exponent - 1 };
  while (exponent < a.exponent - b.exponent && coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent++;
  }
  return { coefficient, exponent };
}
