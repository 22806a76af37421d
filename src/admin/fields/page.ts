import Joi, { type Schema } from 'joi';
import { invalid } from '../../core/errors.ts';
import type { Page, PageRequest } from '../../core/page.ts';

/** What every list takes: where to go on and how many (spec: api.md, 1–200, default 50). */
export interface PageQuery {
  readonly cursor?: string;
  readonly limit: number;
}

/** The query keys of a list. */
export const pageQuery = {
  cursor: Joi.string().max(512),
  limit: Joi.number().integer().min(1).max(200).default(50),
};

/** The part of a list's query that stores take. */
export function pageRequest(query: PageQuery): PageRequest {
  return { cursor: query.cursor, limit: query.limit };
}

/** The schema of a list's answer. */
export function listOf(item: Schema, label: string): Schema {
  return Joi.object({ items: Joi.array().items(item).required(), next: Joi.string().allow(null).required() }).label(
    label,
  );
}

/** Pages a list that is at hand whole; the cursor is the place of the next item. Throws `AppError('invalid')` for a foreign one. */
export function pageWhole<T>(items: readonly T[], { cursor, limit }: PageQuery): Page<T> {
  const from = cursor === undefined ? 0 : placeOf(cursor);
  const next = from + limit;
  return { items: items.slice(from, next), next: next < items.length ? `at${next}` : null };
}

function placeOf(cursor: string): number {
  const place = /^at(\d{1,9})$/.exec(cursor)?.[1];
  if (place === undefined) throw invalid('cursor', 'is not a cursor of this list');
  return Number(place);
}
