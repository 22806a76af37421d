import type { Plan, Planner } from '../plan/planner.ts';
import type { Match } from '../query/match.ts';
import type { Collection } from '../storage/collection.ts';
import type { Store } from '../storage/store.ts';
import { type Doc, field, type Value } from '../values/value.ts';
import { IndexWalk } from './index-walk.ts';
import { RecordScan } from './record-scan.ts';
import { SortedSource } from './sorted-source.ts';
import type { Hit, Source } from './source.ts';

/** What is looked for. */
export interface Search {
  readonly match: Match;
  readonly sort?: Doc | undefined;
  /** How many are needed at most, those to be skipped included. */
  readonly limit?: number | undefined;
  readonly hint?: Value;
}

const isTrivial = ({ node }: Match): boolean => node.kind === 'and' && node.of.length === 0;

/** Where documents are found; `onScan` hears of each search that no index helps. */
export interface Reader {
  readonly store: Store;
  readonly planner: Planner;
  onScan(collection: Collection): void;
}

function sourceOf(
  reader: Reader,
  collection: Collection,
  match: Match,
  plan: Plan,
  wanted: number | undefined,
): Source<Hit> {
  const { store } = reader;
  if (plan.kind === 'index') return new IndexWalk(store, collection, match, { ...plan, wanted });
  if (!isTrivial(match)) reader.onScan(collection);
  return new RecordScan(store, collection, match, plan.backward);
}

/** Plans a search and opens it: documents come in the wanted order. */
export function openSource(reader: Reader, collection: Collection, search: Search): Source<Hit> {
  const { match, sort, limit } = search;
  const plan = reader.planner.plan(collection, search);
  const isNatural = sort !== undefined && field(sort, '$natural') !== undefined;
  const inOrder = !sort || isNatural || (plan.kind === 'index' && plan.sorted);
  const source = sourceOf(reader, collection, match, plan, inOrder ? limit : undefined);
  if (inOrder) return source;
  return new SortedSource(source, collection, match, sort, limit);
}
