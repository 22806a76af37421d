import { Decimal128, Double, Int32, Long } from 'bson';
import { add, asDecimal, divide, kindOf, toDouble } from './number.ts';
import type { Numeric } from './value.ts';

const fits = (value: bigint, bits: number): boolean => BigInt.asIntN(bits, value) === value;

/**
 * A sum by MongoDB's rules (manual: "$sum"): int32 grows to int64 and that to a double, doubles are added with
 * compensation, one Decimal128 makes the result a Decimal128.
 */
export class Total {
  #integers = 0n;
  #double = 0;
  #lost = 0;
  #decimal: Numeric | undefined;
  #widest: 'int' | 'long' | 'double' = 'int';
  count = 0;

  add(value: Numeric): void {
    this.count++;
    switch (kindOf(value)) {
      case 'int':
        this.#integers += BigInt(toDouble(value));
        break;
      case 'long':
        this.#integers += (value as Long).toBigInt();
        if (this.#widest === 'int') this.#widest = 'long';
        break;
      case 'double':
        this.#addDouble(toDouble(value));
        this.#widest = 'double';
        break;
      case 'decimal':
        this.#decimal = this.#decimal === undefined ? value : add(this.#decimal, value);
    }
  }

  #addDouble(value: number): void {
    const sum = this.#double + value;
    const rounded = sum - this.#double;
    this.#lost += this.#double - (sum - rounded) + (value - rounded);
    this.#double = sum;
  }

  get sum(): Numeric {
    if (this.#decimal !== undefined) {
      const integers = Decimal128.fromString(this.#integers.toString());
      const whole = add(this.#decimal, integers) ?? this.#decimal;
      return this.#widest === 'double' ? (add(whole, asDecimal(this.#plain())) ?? whole) : whole;
    }
    if (this.#widest === 'double') {
      const total = new Total();
      total.#double = this.#double;
      total.#lost = this.#lost;
      total.#addDouble(Number(this.#integers));
      return total.#plain();
    }
    if (this.#widest === 'int' && fits(this.#integers, 32)) return new Int32(Number(this.#integers));
    return fits(this.#integers, 64) ? Long.fromBigInt(this.#integers) : new Double(Number(this.#integers));
  }

  /** The mean of what was added, null when that was nothing. */
  get mean(): Numeric | null {
    return this.count === 0 ? null : divide(this.sum, this.count);
  }

  #plain(): Double {
    return new Double(Number.isFinite(this.#double) ? this.#double + this.#lost : this.#double);
  }
}
