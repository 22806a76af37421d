import { EJSON } from 'bson';
import type { Collection, Db, Document } from 'mongodb';
import { Chance } from './chance.ts';
import { randomDocument, randomFilter, randomIndex, randomSort, randomUpdate } from './random-search.ts';

interface Item extends Document {
  _id: number;
}

const DOCUMENTS = 120;
const INDEXES = 4;
const SEARCHES = 60;
const NATURAL = { $natural: 1 } as const;

const idsOf = (found: readonly Item[]): number[] => found.map(({ _id }) => Number(_id));

/** Two arrays in one index (171) and the same index twice (85) are refused, which is not what is compared here. */
async function unlessRefused(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (![85, 171].includes(Number((error as { code?: unknown }).code))) throw error;
  });
}

async function change(items: Collection<Item>, chance: Chance): Promise<void> {
  const _id = chance.below(DOCUMENTS);
  if (chance.below(4) === 0) await items.deleteOne({ _id });
  else await unlessRefused(items.updateOne({ _id }, randomUpdate(chance), { upsert: true }));
}

/**
 * Random documents under random indexes: what an index finds, and in which order, has to be what a walk through the
 * whole collection finds. Gives the number of searches; throws with all that is needed to do it again.
 */
export async function indexDuel(db: Db, seed: number): Promise<number> {
  const chance = new Chance(seed);
  const items = db.collection<Item>(`duel${String(seed % 4)}`);
  await items.drop();
  for (let i = 0; i < INDEXES; i++)
    await unlessRefused(db.command({ createIndexes: items.collectionName, indexes: [randomIndex(chance, i)] }));
  for (let _id = 0; _id < DOCUMENTS; _id++) await unlessRefused(items.insertOne(randomDocument(_id, chance) as Item));
  for (let i = 0; i < SEARCHES; i++) {
    await change(items, chance);
    const filter = randomFilter(chance);
    // With _id at the end every order is one order.
    const sort = chance.below(2) === 0 ? { _id: 1 as const } : { ...randomSort(chance), _id: 1 as const };
    const limit = chance.below(3) === 0 ? 1 + chance.below(5) : 0;
    const [found, wanted] = await Promise.all([
      items.find(filter).sort(sort).limit(limit).toArray(),
      items.find(filter).hint(NATURAL).sort(sort).limit(limit).toArray(),
    ]).catch((error: unknown) => {
      // Sorting by two arrays of one document is refused either way.
      if ((error as { code?: unknown }).code === 2) return [[], []];
      throw error;
    });
    if (idsOf(found).join() !== idsOf(wanted).join())
      throw new Error(
        EJSON.stringify({
          seed,
          i,
          filter,
          sort,
          limit,
          indexes: await items.indexes(),
          found: idsOf(found),
          wanted: idsOf(wanted),
        }),
      );
  }
  return SEARCHES;
}
