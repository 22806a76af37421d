import type { Model, QueryFilter, UpdateQuery } from 'mongoose';
import { isDuplicate } from './failures.ts';
import type { Keyed } from './schema.ts';

/** Updates the document of this key or makes it; of two that make it at once the second updates. */
export async function upsert<T extends Keyed>(model: Model<T>, id: string, update: UpdateQuery<T>): Promise<void> {
  const filter = { _id: id } as QueryFilter<T>;
  try {
    await model.updateOne(filter, update, { upsert: true });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await model.updateOne(filter, update);
  }
}

/** Stores a new document; false when its key, or another unique value of it, is there already. */
export async function insertNew<T extends Keyed>(model: Model<T>, document: T): Promise<boolean> {
  try {
    await model.insertMany([document], { lean: true });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}
