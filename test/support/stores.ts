import { afterAll } from '@jest/globals';
import type { Log } from '../../src/core/log.ts';
import { type OpenStores, openStores } from '../../src/models/stores.ts';
import { storeUri } from './store-uri.ts';

/** Says nothing; what a test wants to know of the log it asks a log of its own. */
export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // Nothing to do.
}

/** Ids `id000001`, `id000002` …: they sort by the order of their making. */
export function createTestIds(prefix = 'id'): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}${String(count).padStart(6, '0')}`;
  };
}

/**
 * The real stores on a database of the calling test file's own (`part` gives a file several), emptied; closed after the
 * file's last test. The clock stands at `now`.
 */
export async function openTestStores({
  part = '',
  now = new Date('2026-11-23T05:00:00Z'),
  log = silentLog,
}: {
  part?: string;
  now?: Date;
  log?: Log;
} = {}): Promise<OpenStores> {
  const open = await openStores({ uri: storeUri(part), clock: { now: () => now }, newId: createTestIds(), log });
  await open.stores.simulator.reset();
  afterAll(() => open.close());
  return open;
}
