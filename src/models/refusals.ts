import { createHmac } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { NewId } from '../core/clock.ts';
import type { RefusalStore } from '../core/patient.ts';
import { collectionSchema, type Keyed } from './schema.ts';
import { upsert } from './upsert.ts';

interface RefusalDocument extends Keyed {
  readonly stopped: boolean;
  readonly at: Date;
}

/** The key of the hashes; one document. */
interface SecretDocument extends Keyed {
  readonly secret: string;
}

const schema = collectionSchema<RefusalDocument>('refusals', { stopped: Boolean, at: Date });
const secretSchema = collectionSchema<SecretDocument>('refusal-secret', { secret: String });

const SECRET = 'erased';
const ERASED = 'erased:';

/** Refusals as the composition of the stores needs them. */
export interface RefusalRecords extends RefusalStore {
  /** Keeps what was said under these keys by a keyed hash alone. */
  erase(keys: readonly string[]): Promise<void>;
}

/**
 * STOP and START by number or chat; outlives the patient's own data (spec: reliability.md B6, keyed tombstone). Of an erased
 * patient only the hash is kept: whoever has the whole database can try numbers on it, but nobody can read one out of it.
 */
export function createRefusalStore(connection: Connection, newId: NewId): RefusalRecords {
  const model = connection.model<RefusalDocument>('Refusal', schema);
  const secrets = connection.model<SecretDocument>('RefusalSecret', secretSchema);
  let known: string | null = null;

  /** Kept anew each time: emptying the demo takes it away. */
  const keepSecret = async (): Promise<string> => {
    await upsert(secrets, SECRET, { $setOnInsert: { secret: known ?? `${newId()}${newId()}` } });
    const stored = await secrets.findOne({ _id: SECRET }).lean<SecretDocument>();
    known = stored?.secret ?? '';
    return known;
  };
  const hashesOf = async (keys: readonly string[]): Promise<readonly string[]> => {
    const secret = known ?? (await keepSecret());
    return keys.map((key) => ERASED + createHmac('sha256', secret).update(key).digest('base64url'));
  };

  const set = async (key: string, stopped: boolean, at: Date): Promise<void> => {
    await upsert(model, key, { $set: { stopped, at } });
    await model.deleteOne({ _id: { $in: await hashesOf([key]) } });
  };
  return {
    stop: (key, at) => set(key, true, at),
    start: (key, at) => set(key, false, at),
    stopped: async (keys) => {
      const hashes = await hashesOf(keys);
      const found = await model.find({ _id: { $in: [...keys, ...hashes] }, stopped: true }).lean<RefusalDocument[]>();
      const stopped = new Set(found.map(({ _id }) => _id));
      return new Set(keys.filter((key, place) => stopped.has(key) || stopped.has(hashes[place] ?? '')));
    },
    erase: async (keys) => {
      await keepSecret();
      for (const { _id, stopped, at } of await model.find({ _id: { $in: keys } }).lean<RefusalDocument[]>()) {
        for (const hash of await hashesOf([_id])) await upsert(model, hash, { $set: { stopped, at } });
        await model.deleteOne({ _id });
      }
    },
  };
}
