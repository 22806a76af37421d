import { afterAll } from '@jest/globals';
import type { Log } from '../../src/core/log.ts';
import { type OpenStores, openStores } from '../../src/models/stores.ts';
import { countIds } from './count-ids.ts';
import { fakeClock } from './fake-clock.ts';
import { quietLog } from './quiet-log.ts';
import { storeUri } from './store-uri.ts';

/**
 * The real stores on a database of the calling test file's own (`part` gives a file several), emptied; closed after the
 * file's last test.
 */
export async function openTestStores({
  part = '',
  clock = fakeClock('2026-11-23T05:00:00Z'),
  newId = countIds('id'),
  log = quietLog(),
}: {
  part?: string;
  clock?: { now(): Date };
  newId?: () => string;
  log?: Log;
} = {}): Promise<OpenStores> {
  const open = await openStores({ uri: storeUri(part), clock, newId, log });
  await open.stores.simulator.reset();
  afterAll(() => open.close());
  return open;
}
