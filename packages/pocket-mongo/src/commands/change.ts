import { failedToParse } from '../errors.ts';
import type { Match } from '../query/match.ts';
import { parseFilterField } from '../query/parse-filter.ts';
import type { Collection, Stored } from '../storage/collection.ts';
import { parseUpdate, type Update } from '../update/parse-update.ts';
import { upsertedDoc } from '../update/upsert.ts';
import { type Doc, field, setField, type Value } from '../values/value.ts';
import type { CommandContext, Work } from './command.ts';
import { existingOrNew } from './namespace.ts';
import { forEachTarget, type Target } from './target.ts';

export interface UpdateStatement extends Target {
  readonly update: Value;
  readonly arrayFilters: Value;
  readonly upsert: boolean;
}

export interface UpdateResult {
  readonly matched: number;
  readonly modified: number;
  /** The document that an upsert made. */
  readonly inserted?: Doc | undefined;
  /** The one document that was found, as it was and as it is; not with `multi`. */
  readonly before?: Stored | undefined;
  readonly after?: { readonly doc: Doc } | undefined;
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
  const applied = update.apply(stored.doc, { inserting: false, position: () => match.position(stored.doc) });
  const after = update.kind === 'pipeline' ? withIdOf(stored.doc, applied) : applied;
  return { after, changed: collection.replace(stored, after) };
}

/** Does one update statement. What it throws as a MongoError has not changed the document that it is about. */
export function* change(context: CommandContext, statement: UpdateStatement): Work<UpdateResult> {
  const { namespace, filter, multi, upsert, variables } = statement;
  const match = parseFilterField(filter, 'update.q', variables);
  const update = parseUpdate(statement.update, statement.arrayFilters, variables);
  if (multi && update.kind === 'replacement')
    throw failedToParse('multi update is not supported for replacement-style update');
  let modified = 0;
  let last: Pick<UpdateResult, 'before' | 'after'> | undefined;
  const matched = yield* forEachTarget(context, statement, match, (collection, stored) => {
    const { after, changed } = applyTo(collection, stored, update, match);
    if (changed) modified++;
    last = { before: stored, after: { doc: after } };
  });
  if (matched > 0) return { matched, modified, ...(multi ? {} : last) };
  if (!upsert) return { matched: 0, modified: 0 };
  const inserted = upsertedDoc(filter, update);
  existingOrNew(context, namespace).insert(inserted);
  return { matched: 0, modified: 0, inserted };
}
