import { MongoError } from '../errors.ts';
import { checkSort, sortKeys } from '../query/sort-order.ts';
import { type Doc, isDoc, type Value } from '../values/value.ts';
import type { Stage } from './stage.ts';

const SLACK = 1000;

/** `$sort`; with `most`, only that many first documents are kept in memory and given. */
export function compileSort(argument: Value, most = Number.POSITIVE_INFINITY): Stage {
  if (!isDoc(argument)) throw new MongoError(15973, 'the $sort key specification must be an object');
  if (Object.keys(argument).length === 0) throw new MongoError(15976, '$sort stage must have at least one sort key');
  checkSort(argument);
  const keyOf = sortKeys(argument);
  return function* (docs) {
    let kept: { readonly key: Buffer; readonly doc: Doc }[] = [];
    const order = (): void => {
      kept.sort((a, b) => Buffer.compare(a.key, b.key));
      if (kept.length > most) kept = kept.slice(0, most);
    };
    for (const doc of docs) {
      kept.push({ key: keyOf(doc), doc });
      if (kept.length > 2 * most + SLACK) order();
    }
    order();
    for (const { doc } of kept) yield doc;
  };
}
