import { MongoError, notImplemented } from '../errors.ts';
import { sizeOf } from '../values/codec.ts';
import { compare } from '../values/compare.ts';
import { identityOf } from '../values/key-pattern.ts';
import { show } from '../values/show.ts';
import { Total } from '../values/total.ts';
import { typeName } from '../values/type-name.ts';
import { copyOf, type Doc, field, isDoc, isNumeric, setField, type Value } from '../values/value.ts';

/** Takes the values of one group one by one and makes one of them; undefined stands for a missing one. */
export interface Accumulator {
  /** Gives how many bytes more it holds for this value, about; nothing when it always holds the same. */
  add(value: Value): number | undefined;
  result(): Value;
}

function total(result: (sum: Total) => Value): Accumulator {
  const sum = new Total();
  return {
    add: (value) => {
      if (isNumeric(value)) sum.add(value);
      return undefined;
    },
    result: () => result(sum),
  };
}

function extreme(sign: number): Accumulator {
  let best: Value = null;
  return {
    add: (value) => {
      if (value !== undefined && value !== null && (best === null || compare(value, best) * sign > 0)) best = value;
      return undefined;
    },
    result: () => best,
  };
}

function first(): Accumulator {
  let found: Value;
  let has = false;
  return {
    add: (value) => {
      if (!has) found = value;
      has = true;
      return undefined;
    },
    result: () => found,
  };
}

function last(): Accumulator {
  let found: Value;
  return {
    add: (value) => {
      found = value;
      return undefined;
    },
    result: () => found,
  };
}

function list(isNew: (value: Value) => boolean): Accumulator {
  const values: Value[] = [];
  return {
    add: (value) => {
      if (value === undefined || !isNew(value)) return undefined;
      values.push(copyOf(value));
      return sizeOf({ v: value });
    },
    result: () => values,
  };
}

function distinct(): Accumulator {
  const seen = new Set<string>();
  return list((value) => {
    const identity = identityOf(value);
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}

function merged(): Accumulator {
  const out: Doc = {};
  return {
    add: (value) => {
      if (value === undefined || value === null) return undefined;
      if (!isDoc(value))
        throw new MongoError(
          40400,
          `$mergeObjects requires object inputs, but input ${show(value)} is of type ${typeName(value)}`,
        );
      for (const name of Object.keys(value)) setField(out, name, field(value, name));
      return undefined;
    },
    result: () => out,
  };
}

const ACCUMULATORS: Readonly<Record<string, () => Accumulator>> = {
  $sum: () => total((sum) => sum.sum),
  $avg: () => total((sum) => sum.mean),
  $min: () => extreme(-1),
  $max: () => extreme(1),
  $first: first,
  $last: last,
  $push: () => list(() => true),
  $addToSet: distinct,
  $mergeObjects: merged,
};

const MISSING_HERE = new Set(
  '$accumulator $bottom $bottomN $concatArrays $firstN $lastN $maxN $median $minN $percentile $setUnion $stdDevPop $stdDevSamp $top $topN'.split(
    ' ',
  ),
);

/** Makes new accumulators of a name, for `$group`. Throws MongoDB's error when it is none. */
export function accumulatorNamed(name: string): () => Accumulator {
  const create = Object.hasOwn(ACCUMULATORS, name) ? ACCUMULATORS[name] : undefined;
  if (create) return create;
  if (MISSING_HERE.has(name)) throw notImplemented(name);
  throw new MongoError(15952, `unknown group operator '${name}'`);
}
