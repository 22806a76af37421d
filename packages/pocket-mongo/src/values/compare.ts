import type { Binary, BSONRegExp, BSONSymbol, Code, ObjectId, Timestamp } from 'bson';
import { compareNumbers } from './number.ts';
import { type Doc, field, type Numeric, RANK, rankOf, type Value } from './value.ts';

const textOf = (value: Value): string => (typeof value === 'string' ? value : (value as BSONSymbol).value);

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  // UTF-16 order differs from UTF-8 order only where surrogates meet U+E000 and above.
  if (!/[\ud800-\uffff]/.test(a) || !/[\ud800-\uffff]/.test(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const order = compare(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareDocs(a: Doc, b: Doc): number {
  const left = Object.keys(a);
  const right = Object.keys(b);
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const leftName = left[i] ?? '';
    const rightName = right[i] ?? '';
    const leftValue = field(a, leftName);
    const rightValue = field(b, rightName);
    const order =
      rankOf(leftValue) - rankOf(rightValue) || compareText(leftName, rightName) || compare(leftValue, rightValue);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareBinaries(a: Binary, b: Binary): number {
  return (
    a.length() - b.length() ||
    a.sub_type - b.sub_type ||
    Buffer.compare(a.buffer.subarray(0, a.length()), b.buffer.subarray(0, b.length()))
  );
}

/** MongoDB's total order of values (manual: "Comparison/Sort Order"); a missing value equals null. */
export function compare(a: Value, b: Value): number {
  const rank = rankOf(a);
  const difference = rank - rankOf(b);
  if (difference !== 0) return difference;
  switch (rank) {
    case RANK.number:
      return compareNumbers(a as Numeric, b as Numeric);
    case RANK.string:
      return compareText(textOf(a), textOf(b));
    case RANK.object:
      return compareDocs(a as Doc, b as Doc);
    case RANK.array:
      return compareArrays(a as Value[], b as Value[]);
    case RANK.binary:
      return compareBinaries(a as Binary, b as Binary);
    case RANK.objectId:
      return Buffer.compare((a as ObjectId).id, (b as ObjectId).id);
    case RANK.boolean:
      return Number(a) - Number(b);
    case RANK.date:
      return (a as Date).getTime() - (b as Date).getTime();
    case RANK.timestamp: {
      const x = (a as Timestamp).toBigInt();
      const y = (b as Timestamp).toBigInt();
      return x < y ? -1 : x > y ? 1 : 0;
    }
    case RANK.regex:
      return (
        compareText((a as BSONRegExp).pattern, (b as BSONRegExp).pattern) ||
        compareText((a as BSONRegExp).options, (b as BSONRegExp).options)
      );
    case RANK.code:
    case RANK.codeWithScope:
      return (
        compareText((a as Code).code, (b as Code).code) || compareDocs((a as Code).scope ?? {}, (b as Code).scope ?? {})
      );
    default:
      return 0;
  }
}

export const equal = (a: Value, b: Value): boolean => compare(a, b) === 0;
