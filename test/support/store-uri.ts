import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { expect } from '@jest/globals';

/**
 * The address of a database of the calling test file's own, empty at the start of the run; `part` gives a file several.
 * Throws where no server runs: a test of the store never skips in silence.
 */
export function storeUri(part = ''): string {
  const server = process.env['TEST_STORE_URI'];
  if (server === undefined) throw new Error('No test store runs; see the first line of the run.');
  const file = expect.getState().testPath ?? '';
  const name = basename(file, '.test.ts').replace(/[^a-z0-9]+/gi, '-');
  const mark = createHash('sha256').update(`${file} ${part}`).digest('hex').slice(0, 8);
  const uri = new URL(server);
  uri.pathname = `/${name}-${mark}`;
  return uri.href;
}
