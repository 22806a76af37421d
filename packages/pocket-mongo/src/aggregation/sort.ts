import { MongoError } from '../errors.ts';
import { checkSort, sortKeys } from '../query/sort-order.ts';
import { SortHeap } from '../read/sort-heap.ts';
import { MISS } from '../read/source.ts';
import { sizeOf } from '../values/codec.ts';
import { type Doc, isDoc, type Value } from '../values/value.ts';
import type { Stage } from './stage.ts';

const MOST_BYTES = 100 * 1024 * 1024;

/** The argument of `$sort`; throws MongoDB's error for a bad one. */
export function checkedSort(argument: Value): Doc {
  if (!isDoc(argument)) throw new MongoError(15973, 'the $sort key specification must be an object');
  if (Object.keys(argument).length === 0) throw new MongoError(15976, '$sort stage must have at least one sort key');
  checkSort(argument);
  return argument;
}

/** `$sort`; with `most`, only that many first documents are kept in memory and given. */
export function compileSort(argument: Value, most = Number.POSITIVE_INFINITY): Stage {
  const keyOf = sortKeys(checkedSort(argument));
  return function* (docs) {
    const heap = new SortHeap<{ readonly doc: Doc; readonly bytes: number }>(most);
    let bytes = 0;
    for (const doc of docs) {
      yield MISS;
      if (doc === MISS) continue;
      const key = keyOf(doc);
      const size = key.length + sizeOf(doc);
      bytes += size - (heap.add(key, { doc, bytes: size })?.bytes ?? 0);
      if (bytes > MOST_BYTES)
        throw new MongoError(
          292,
          'PlanExecutor error during aggregation :: caused by :: Sort exceeded memory limit of 104857600 bytes, and this server does not sort on disk',
        );
    }
    for (;;) {
      const next = heap.next();
      if (next === undefined) return;
      yield next === MISS ? MISS : next.doc;
    }
  };
}
