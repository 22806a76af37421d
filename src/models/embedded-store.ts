import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type PocketMongo, startPocketMongo } from 'pocket-mongo';

/** The embedded store in its folder; `MONGODB_URI` names a server instead. Rejects where another process has the folder. */
export function startEmbeddedStore(dataDir: string): Promise<PocketMongo> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return startPocketMongo({ dbPath: join(dataDir, 'store') });
}
