import type { Binary, BSONRegExp, BSONSymbol, Code, ObjectId, Timestamp } from 'bson';
import { addExact, compareExact, type Exact, exactFromDouble, subtractExact } from './exact.ts';
import { exactOf, losslessDouble, toDouble } from './number.ts';
import { type Doc, field, type Numeric, RANK, rankOf, type Value } from './value.ts';

const bits = new DataView(new ArrayBuffer(8));

/** The greatest double below `value`. */
function previousDouble(value: number): number {
  if (value === Number.POSITIVE_INFINITY) return Number.MAX_VALUE;
  if (value === 0) return -Number.MIN_VALUE;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return bits.getFloat64(0);
}

/**
 * Writes values as bytes whose plain byte order is MongoDB's order of values.
 * Every value's form ends where it says it ends, so that one key is never the beginning of another.
 */
export class KeyWriter {
  #bytes = Buffer.allocUnsafe(512);
  #length = 0;

  /** Begins a new key. */
  reset(): void {
    this.#length = 0;
  }

  /** How much was written; `cutTo` goes back to such a place. */
  get length(): number {
    return this.#length;
  }

  cutTo(length: number): void {
    this.#length = length;
  }

  /** A copy of what was written. */
  toBytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32BE(value, this.#length);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Writes one part of a key; with `descending` its order is turned round. */
  part(value: Value, descending: boolean): void {
    const start = this.#length;
    this.value(value);
    if (descending) for (let i = start; i < this.#length; i++) this.#bytes[i] = 0xff - (this.#bytes[i] ?? 0);
  }

  value(value: Value): void {
    const rank = rankOf(value);
    this.byte(rank);
    switch (rank) {
      case RANK.number:
        this.#number(value as Numeric);
        break;
      case RANK.string:
        this.#text(typeof value === 'string' ? value : (value as BSONSymbol).value);
        break;
      case RANK.object:
        this.#doc(value as Doc);
        break;
      case RANK.array:
        for (const element of value as Value[]) this.value(element);
        this.byte(0);
        break;
      case RANK.binary:
        this.#binary(value as Binary);
        break;
      case RANK.objectId:
        this.raw((value as ObjectId).id);
        break;
      case RANK.boolean:
        this.byte(value === true ? 1 : 0);
        break;
      case RANK.date:
        bits.setBigInt64(0, BigInt(Math.trunc((value as Date).getTime() || 0)));
        this.#flipped();
        break;
      case RANK.timestamp:
        bits.setBigUint64(0, BigInt.asUintN(64, (value as Timestamp).toBigInt()));
        this.raw(new Uint8Array(bits.buffer));
        break;
      case RANK.regex:
        this.#text((value as BSONRegExp).pattern);
        this.#text((value as BSONRegExp).options);
        break;
      case RANK.code:
        this.#text((value as Code).code);
        break;
      case RANK.codeWithScope:
        this.#text((value as Code).code);
        this.#doc((value as Code).scope ?? {});
        break;
      default:
    }
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }

  /** Text ends with a zero byte; a zero inside it is followed by 0xff. */
  #text(text: string): void {
    const size = Buffer.byteLength(text);
    this.#reserve(size * 2 + 1);
    const start = this.#length;
    this.#bytes.write(text, start);
    this.#length = start + size;
    if (text.includes('\0')) {
      const plain = Buffer.from(this.#bytes.subarray(start, this.#length));
      this.#length = start;
      for (const byte of plain) {
        this.byte(byte);
        if (byte === 0) this.byte(0xff);
      }
    }
    this.byte(0);
  }

  #doc(doc: Doc): void {
    for (const name of Object.keys(doc)) {
      const value = field(doc, name);
      this.byte(rankOf(value));
      this.#text(name);
      this.value(value);
    }
    this.byte(0);
  }

  #binary(value: Binary): void {
    this.uint32(value.length());
    this.byte(value.sub_type);
    this.raw(value.buffer.subarray(0, value.length()));
  }

  #flipped(): void {
    bits.setUint8(0, bits.getUint8(0) ^ 0x80);
    this.raw(new Uint8Array(bits.buffer));
  }

  #double(value: number): void {
    if (Number.isNaN(value)) {
      this.raw(new Uint8Array(8));
      return;
    }
    bits.setFloat64(0, value + 0);
    if (value < 0) {
      bits.setBigUint64(0, ~bits.getBigUint64(0));
      this.raw(new Uint8Array(bits.buffer));
    } else this.#flipped();
  }

  /** A number is the greatest double not above it, and what is left over, in decimal. */
  #number(value: Numeric): void {
    const plain = losslessDouble(value);
    if (plain !== undefined) {
      this.#double(plain);
      this.byte(0);
      return;
    }
    const exact = exactOf(value) ?? { coefficient: 0n, exponent: 0 };
    let below = toDouble(value);
    if (below === Number.NEGATIVE_INFINITY) {
      this.#double(below);
      this.#rest(addExact(exact, { coefficient: 1n, exponent: 6200 }));
      return;
    }
    if (below === Number.POSITIVE_INFINITY || compareExact(exactFromDouble(below), exact) > 0)
      below = previousDouble(below);
    this.#double(below);
    this.#rest(subtractExact(exact, exactFromDouble(below)));
  }

  #rest(rest: Exact): void {
    const digits = rest.coefficient.toString().replace(/0+$/, '');
    this.byte(1);
    const magnitude = rest.coefficient.toString().length + rest.exponent;
    this.byte(((magnitude + 32768) >> 8) & 0xff);
    this.byte((magnitude + 32768) & 0xff);
    for (const digit of digits) this.byte(digit.charCodeAt(0));
    this.byte(0);
  }
}
