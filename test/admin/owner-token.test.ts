import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { keepOwnerToken } from '../../src/admin/owner-token.ts';
import { countIds } from '../support/count-ids.ts';

const folder = mkdtempSync(join(tmpdir(), 'zabota-token-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('The owner’s token of a service that was given none', () => {
  it('is made once and kept, readable by its own user alone', () => {
    const dataDir = join(folder, 'data');
    const newToken = countIds('token');
    const first = keepOwnerToken(dataDir, newToken);
    expect(keepOwnerToken(dataDir, newToken)).toBe(first);
    expect([dataDir, join(dataDir, 'admin-token')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
  });
});
