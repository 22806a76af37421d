import { failedToParse } from '../errors.ts';
import type { Match } from '../query/match.ts';
import { parseFilterField } from '../query/parse-filter.ts';
import { checkSort } from '../query/sort-order.ts';
import { openSource } from '../read/open-source.ts';
import { drained } from '../read/source.ts';
import type { Collection, Stored } from '../storage/collection.ts';
import { parseUpdate, type Update } from '../update/parse-update.ts';
import { upsertedDoc } from '../update/upsert.ts';
import { decode, encode } from '../values/codec.ts';
import { type Doc, field, setField, type Value } from '../values/value.ts';
import type { CommandContext } from './command.ts';
import { existingOrNew } from './namespace.ts';

/** A statement that changes or removes the documents of a filter. */
export interface Target {
  readonly namespace: string;
  readonly filter: Doc;
  readonly multi: boolean;
  readonly sort?: Doc | undefined;
  readonly hint: Value;
}

export interface UpdateStatement extends Target {
  readonly update: Value;
  readonly arrayFilters: Value;
  readonly constants: Value;
  readonly upsert: boolean;
}

export interface UpdateResult {
  readonly matched: number;
  readonly modified: number;
  /** The document that an upsert made. */
  readonly inserted?: Doc | undefined;
  /** The one document that was found, as it was and as it is; not with `multi`. */
  readonly before?: Doc | undefined;
  readonly after?: Doc | undefined;
}

/**
 * Finds what a statement is about. All of it is found before anything is written: a document that moves in the index
 * by which it was found would be met again.
 */
function targets(context: CommandContext, collection: Collection, target: Target, match: Match): number[] | Stored[] {
  const { sort, hint, multi } = target;
  if (sort) checkSort(sort);
  const found = drained(openSource(context, collection, { match, sort, limit: multi ? undefined : 1, hint }));
  if (multi) return Array.from(found, ({ number }) => number);
  const first = found.next();
  return first.done ? [] : [first.value];
}

function storedAt(collection: Collection, target: number | Stored): Stored {
  if (typeof target !== 'number') return target;
  const bytes = collection.bytes(target);
  if (!bytes) throw collection.damaged(target);
  return { number: target, doc: decode(bytes) };
}

/** A pipeline may leave `_id` out: it stays. */
function withIdOf(doc: Doc, next: Doc): Doc {
  if (Object.hasOwn(next, '_id') || !Object.hasOwn(doc, '_id')) return next;
  const out: Doc = { _id: field(doc, '_id') };
  for (const name of Object.keys(next)) setField(out, name, field(next, name));
  return out;
}

function applyTo(
  collection: Collection,
  stored: Stored,
  update: Update,
  match: Match,
): { after: Doc; changed: boolean } {
  const position = (): number | undefined => match.position(stored.doc);
  const applied = update.apply(stored.doc, { inserting: false, position });
  const after = update.kind === 'pipeline' ? withIdOf(stored.doc, applied) : applied;
  const changed = Buffer.compare(encode(stored.doc), encode(after)) !== 0;
  if (changed) collection.replace(stored, after);
  return { after, changed };
}

/** Does one update statement. What it throws as a MongoError has not changed the document that it is about. */
export function updateOne(context: CommandContext, statement: UpdateStatement): UpdateResult {
  const { namespace, filter, multi, upsert } = statement;
  const match = parseFilterField(filter, 'update.q');
  const update = parseUpdate(statement.update, statement.arrayFilters, statement.constants);
  if (multi && update.kind === 'replacement')
    throw failedToParse('multi update is not supported for replacement-style update');
  const collection = context.store.catalog.get(namespace);
  const found = collection ? targets(context, collection, statement, match) : [];
  if (!collection || found.length === 0) {
    if (!upsert) return { matched: 0, modified: 0 };
    const inserted = upsertedDoc(filter, update);
    existingOrNew(context, namespace).insert(inserted);
    return { matched: 0, modified: 0, inserted };
  }
  let modified = 0;
  let last: { before: Doc; after: Doc } | undefined;
  for (const target of found) {
    const stored = storedAt(collection, target);
    const { after, changed } = applyTo(collection, stored, update, match);
    if (changed) modified++;
    last = { before: stored.doc, after };
  }
  return { matched: found.length, modified, ...(multi ? {} : last) };
}

/** Does one delete statement and gives how many documents went, and the last of them. */
export function deleteOne(context: CommandContext, target: Target): { deleted: number; last?: Doc | undefined } {
  const match = parseFilterField(target.filter, 'delete.q');
  const collection = context.store.catalog.get(target.namespace);
  if (!collection) return { deleted: 0 };
  const found = targets(context, collection, target, match);
  let last: Doc | undefined;
  for (const each of found) {
    const stored = storedAt(collection, each);
    collection.remove(stored);
    last = stored.doc;
  }
  return { deleted: found.length, last };
}
