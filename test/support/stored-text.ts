import type { OpenStores } from '../../src/models/stores.ts';

/** Everything that a database holds, as text: for a test that looks for words which must not be there. */
export async function storedText(db: ReturnType<OpenStores['jobsDb']>): Promise<string> {
  const collections = await db.listCollections().toArray();
  const parts = await Promise.all(
    collections.map(async ({ name }) => JSON.stringify(await db.collection(name).find().toArray())),
  );
  return parts.join('\n');
}
