import type { Document } from 'mongodb';

/** Page of MongoDB's manual (below https://www.mongodb.com/docs/manual/) or driver specification where a rule stands. */
export type Source = string;

/**
 * One rule: the documents that are there, a command on the collection "c", and what has to come of it. `found` is the
 * first batch of a cursor, `reply` a part of the answer, `after` the whole collection, `error` MongoDB's code.
 */
export interface ConformanceCase {
  readonly name: string;
  readonly source: Source;
  readonly documents?: readonly Document[];
  /** Documents of a second collection, "d". */
  readonly others?: readonly Document[];
  readonly before?: readonly Document[];
  readonly command: Document;
  readonly found?: readonly Document[];
  readonly reply?: Document;
  readonly after?: readonly Document[];
  readonly error?: number;
}

type Outcome = readonly Document[] | { readonly error: number };

const outcome = (wanted: Outcome, key: 'found' | 'after'): Partial<ConformanceCase> =>
  'error' in wanted ? { error: wanted.error } : { [key]: wanted };

/** A filter and the `_id`s of the documents (with `_id` 1, 2, 3 … in their order) that it finds. */
export function finds(
  source: Source,
  name: string,
  documents: readonly Document[],
  filter: Document,
  ids: readonly number[] | { readonly error: number },
): ConformanceCase {
  const numbered = documents.map((document, i) => ({ _id: i + 1, ...document }));
  const command = { find: 'c', filter, sort: { _id: 1 }, projection: { _id: 1 } };
  const wanted: Outcome = 'error' in ids ? ids : ids.map((_id) => ({ _id }));
  return { source, name, documents: numbered, command, ...outcome(wanted, 'found') };
}

/** An update of the document with `_id` 1 (or what `filter` finds) and that document after it. */
export function updates(
  source: Source,
  name: string,
  document: Document,
  update: Document | readonly Document[],
  after: Document | { readonly error: number },
  options: { readonly filter?: Document; readonly arrayFilters?: readonly Document[] } = {},
): ConformanceCase {
  const { filter, ...rest } = options;
  const q = { _id: 1, ...filter };
  const failed = Object.keys(after).join() === 'error' && typeof after['error'] === 'number';
  return {
    source,
    name,
    documents: [{ _id: 1, ...document }],
    command: { update: 'c', updates: [{ q, u: update, ...rest }] },
    ...(failed ? { error: after['error'] } : { after: [{ _id: 1, ...after }] }),
  };
}

/** The value of an expression on one document; `{}` as the result stands for a missing value. */
export function evaluates(
  source: Source,
  name: string,
  expression: unknown,
  result: { readonly is?: unknown; readonly error?: number },
  document: Document = {},
): ConformanceCase {
  const pipeline = [{ $replaceWith: { is: expression } }];
  const wanted: Outcome = result.error === undefined ? [result] : { error: result.error };
  const command = { aggregate: 'c', pipeline, cursor: {} };
  return { source, name, documents: [{ _id: 1, ...document }], command, ...outcome(wanted, 'found') };
}

/** The documents that a pipeline makes of others. */
export function aggregates(
  source: Source,
  name: string,
  documents: readonly Document[],
  pipeline: readonly Document[],
  result: Outcome,
  others?: readonly Document[],
): ConformanceCase {
  const command = { aggregate: 'c', pipeline, cursor: {} };
  return { source, name, documents, command, ...outcome(result, 'found'), ...(others && { others }) };
}
