import type { Shape } from '../query/match.ts';
import { afterPrefix } from '../storage/data-index.ts';
import { bytesOf } from '../values/key-pattern.ts';
import { RANK, rankOf, type Value } from '../values/value.ts';

/** A stretch of one field's keys, in the order of the index: from `low` on, and below `high`. */
export interface Interval {
  readonly low: Buffer;
  readonly high: Buffer;
  /** True when all keys in it are the same value. */
  readonly point: boolean;
}

/** One end of a stretch in rising order: the keys that begin with these bytes, and whether they belong to it. */
interface Edge {
  readonly bytes: Buffer;
  readonly within: boolean;
}

const LOWEST = Buffer.from([0]);
const HIGHEST = Buffer.from([0xff]);

/** All keys there can be. */
export const EVERYTHING: readonly Interval[] = [{ low: LOWEST, high: HIGHEST, point: false }];

export const isEverything = (intervals: readonly Interval[]): boolean =>
  intervals === EVERYTHING ||
  (intervals.length === 1 && intervals[0]?.low.equals(LOWEST) === true && intervals[0].high.equals(HIGHEST));

const flipped = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => 0xff - byte));

function between(from: Edge, to: Edge, descending: boolean, point = false): Interval {
  const [first, last] = descending
    ? [
        { bytes: flipped(to.bytes), within: to.within },
        { bytes: flipped(from.bytes), within: from.within },
      ]
    : [from, to];
  return {
    low: first.within ? first.bytes : afterPrefix(first.bytes),
    high: last.within ? afterPrefix(last.bytes) : last.bytes,
    point,
  };
}

const within = (bytes: Buffer): Edge => ({ bytes, within: true });
const typeEdge = (rank: number): Edge => within(Buffer.from([rank]));

function point(value: Value, descending: boolean): Interval {
  const edge = within(bytesOf(value ?? null, false));
  return between(edge, edge, descending, true);
}

/** Keys of documents that may equal a value. An array is found by its first element or as an element itself. */
function equalTo(value: Value, descending: boolean): Interval[] {
  if (!Array.isArray(value)) return [point(value, descending)];
  const inside =
    value.length === 0
      ? between(typeEdge(RANK.nothing), typeEdge(RANK.nothing), descending, true)
      : point(value[0], descending);
  return [inside, point(value, descending)];
}

function range(op: string, value: Value, descending: boolean): readonly Interval[] | undefined {
  const rank = rankOf(value);
  if (rank === RANK.minKey || rank === RANK.maxKey || rank === RANK.array) return undefined;
  const edge = { bytes: bytesOf(value, false), within: op === '$gte' || op === '$lte' };
  if (rank === RANK.null) return [point(null, descending)];
  return op === '$gt' || op === '$gte'
    ? [between(edge, typeEdge(rank), descending)]
    : [between(typeEdge(rank), edge, descending)];
}

function notNull(descending: boolean): Interval[] {
  const none = { bytes: Buffer.from([RANK.null]), within: false };
  const below = between(typeEdge(RANK.minKey), none, descending);
  const above = between(none, typeEdge(RANK.maxKey), descending);
  return [below, above];
}

/** Sorts stretches and joins those that overlap. */
function joined(intervals: readonly Interval[]): readonly Interval[] {
  if (intervals.length < 2) return intervals;
  const sorted = [...intervals].sort((a, b) => Buffer.compare(a.low, b.low) || Buffer.compare(a.high, b.high));
  const out: Interval[] = [];
  for (const interval of sorted) {
    const last = out.at(-1);
    if (!last || Buffer.compare(interval.low, last.high) >= 0) out.push(interval);
    else if (Buffer.compare(interval.high, last.high) > 0)
      out[out.length - 1] = { low: last.low, high: interval.high, point: false };
  }
  return out;
}

/** What lies in both of two lists of stretches. */
export function common(a: readonly Interval[], b: readonly Interval[]): readonly Interval[] {
  if (a === EVERYTHING) return b;
  const out: Interval[] = [];
  for (const left of a)
    for (const right of b) {
      const low = Buffer.compare(left.low, right.low) >= 0 ? left.low : right.low;
      const high = Buffer.compare(left.high, right.high) <= 0 ? left.high : right.high;
      if (Buffer.compare(low, high) < 0) out.push({ low, high, point: left.point || right.point });
    }
  return joined(out);
}

/** The stretches of an index field in which every document satisfying a predicate has a key; undefined: no help. */
export function intervalsOf(shape: Shape, descending: boolean): readonly Interval[] | undefined {
  switch (shape.kind) {
    case 'equal':
      return joined(equalTo(shape.value, descending));
    case 'in':
      return joined(shape.values.flatMap((value) => equalTo(value, descending)));
    case 'range':
      return range(shape.op, shape.value, descending);
    case 'prefix': {
      const bytes = Buffer.concat([Buffer.from([RANK.string]), Buffer.from(shape.prefix)]);
      return [between(within(bytes), within(bytes), descending)];
    }
    case 'notNull':
      return joined(notNull(descending));
    default:
      return undefined;
  }
}
