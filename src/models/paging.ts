import type { Model, QueryFilter } from 'mongoose';
import { invalid } from '../core/errors.ts';
import type { Page, PageRequest } from '../core/page.ts';
import type { Keyed } from './schema.ts';

/** How a list is sorted: by a field that never changes, then by id; so each item comes once even while items are added. */
export interface ListOrder {
  /** The list's name; a cursor of another list is refused. */
  readonly list: string;
  readonly by: string;
  readonly direction: 1 | -1;
}

type Place = readonly [value: string | number | Date, id: string];

/** One page of the documents that match, oldest or newest first as the order says. */
export async function pageOf<T extends Keyed, R>(
  model: Model<T>,
  order: ListOrder,
  filter: QueryFilter<T>,
  request: PageRequest,
  read: (document: T) => R,
): Promise<Page<R>> {
  const after = request.cursor === undefined ? {} : behind(order, decodeCursor(order.list, request.cursor));
  const found = await model
    .find({ $and: [filter, after] } as QueryFilter<T>)
    .sort(order.by === '_id' ? { _id: order.direction } : { [order.by]: order.direction, _id: order.direction })
    .limit(request.limit + 1)
    .lean<T[]>();
  const items = found.slice(0, request.limit);
  const last = items.at(-1);
  const more = found.length > request.limit && last !== undefined;
  return { items: items.map(read), next: more ? encodeCursor(order, last) : null };
}

/** A range on the sort field with the tie broken beside it: an index on both serves it, which an `$or` of both would not. */
function behind({ by, direction }: ListOrder, [value, id]: Place): Record<string, unknown> {
  const [past, upTo] = direction === 1 ? (['$gt', '$gte'] as const) : (['$lt', '$lte'] as const);
  if (by === '_id') return { _id: { [past]: id } };
  return { [by]: { [upTo]: value }, $or: [{ [by]: { [past]: value } }, { _id: { [past]: id } }] };
}

function encodeCursor(order: ListOrder, last: Keyed): string {
  const value = (last as Keyed & Readonly<Record<string, unknown>>)[order.by];
  const shown = value instanceof Date ? { at: value.getTime() } : value;
  return Buffer.from(JSON.stringify([order.list, shown, last._id])).toString('base64url');
}

/** Refuses a cursor that the list of this name did not give. */
function decodeCursor(list: string, cursor: string): Place {
  const parts = parsed(cursor);
  if (Array.isArray(parts) && parts.length === 3) {
    const [name, shown, id] = parts as readonly unknown[];
    const value = sortValue(shown);
    if (name === list && value !== null && typeof id === 'string') return [value, id];
  }
  throw invalid('cursor', 'is not a cursor of this list');
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
}

function sortValue(shown: unknown): string | number | Date | null {
  if (typeof shown === 'string' || typeof shown === 'number') return shown;
  if (typeof shown !== 'object' || shown === null || !('at' in shown) || typeof shown.at !== 'number') return null;
  const at = new Date(shown.at);
  return Number.isNaN(at.getTime()) ? null : at;
}
