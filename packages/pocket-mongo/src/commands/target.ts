import { MongoError } from '../errors.ts';
import type { Variables } from '../expression/variables.ts';
import type { Match } from '../query/match.ts';
import { checkSort } from '../query/sort-order.ts';
import { openSource } from '../read/open-source.ts';
import { type Hit, MISS, type Source } from '../read/source.ts';
import type { Collection, Stored } from '../storage/collection.ts';
import { decode } from '../values/codec.ts';
import type { Doc, Value } from '../values/value.ts';
import type { CommandContext, Work } from './command.ts';

/** What a statement changes or removes: the documents of a filter. */
export interface Target {
  readonly namespace: string;
  readonly filter: Doc;
  readonly multi: boolean;
  readonly sort?: Doc | undefined;
  readonly hint: Value;
  /** What the command brought by `let`. */
  readonly variables: Variables;
}

/** After so many searches between which others wrote, one is made without a pause. */
const MOST_PAUSED = 3;

/** The collection as it is now; writes of others may have gone between. Throws when it was dropped. */
function current({ store }: CommandContext, { id, namespace }: Collection): Collection {
  const now = store.catalog.get(namespace);
  if (now?.id === id) return now;
  throw new MongoError(175, `collection dropped. UUID of ${namespace}`);
}

/** A record as it is now, when it still matches. */
function stored(collection: Collection, number: number, match: Match): Stored | undefined {
  const bytes = collection.bytes(number);
  if (!bytes) return undefined;
  const doc = decode(bytes);
  return match.test(doc) ? { number, doc, bytes } : undefined;
}

function open(context: CommandContext, collection: Collection, target: Target, match: Match): Source<Hit> {
  const { sort, hint, multi } = target;
  if (sort) checkSort(sort);
  return openSource(context, collection, { match, sort, limit: multi ? undefined : 1, hint });
}

/** Finds one document; when others wrote during a long search, what it found is looked at again. */
function* first(context: CommandContext, collection: Collection, target: Target, match: Match): Work<Stored[]> {
  const { store } = context;
  for (let attempt = 0; ; attempt++) {
    const { version } = store;
    const source = open(context, current(context, collection), target, match);
    let next = source.step();
    while (next === MISS) {
      if (attempt < MOST_PAUSED) yield;
      next = source.step();
    }
    if (store.version === version) return next ? [next] : [];
    const again = next && stored(current(context, collection), next.number, match);
    if (again) return [again];
  }
}

/**
 * All of it is found before anything is written: a document that moves in the index by which it was found would be
 * met again.
 */
function* all(context: CommandContext, collection: Collection, target: Target, match: Match): Work<readonly number[]> {
  const { version } = context.store;
  const source = open(context, collection, target, match);
  const numbers: number[] = [];
  for (;;) {
    const next = source.step();
    if (next === undefined) return context.store.version === version ? numbers : [...new Set(numbers)];
    if (next !== MISS) numbers.push(next.number);
    yield;
  }
}

/** Does something to each document of a target, and gives how many there were. */
export function* forEachTarget(
  context: CommandContext,
  target: Target,
  match: Match,
  write: (collection: Collection, document: Stored) => void,
): Work<number> {
  const collection = context.store.catalog.get(target.namespace);
  if (!collection) return 0;
  if (!target.multi) {
    const found = yield* first(context, collection, target, match);
    for (const document of found) write(current(context, collection), document);
    return found.length;
  }
  let count = 0;
  for (const number of yield* all(context, collection, target, match)) {
    const now = current(context, collection);
    // Between two parts of the work others may have changed or removed it.
    const document = stored(now, number, match);
    if (document) {
      write(now, document);
      count++;
    }
    yield;
  }
  return count;
}
