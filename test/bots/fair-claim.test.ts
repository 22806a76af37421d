import { describe, expect, it } from '@jest/globals';
import { createFairClaim } from '../../src/bots/delivery/fair-claim.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();
const clock = fakeClock('2026-03-02T09:00:00Z');

/** So many rows of a branch, due a second apart from the given minute on. */
async function planned(branch: string | null, count: number, minute: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, at) => ({
    key: `${branch}|${at}`,
    kind: 'scenario' as const,
    scenario: 'details' as const,
    patient: 'jane',
    branch,
    dueAt: new Date(Date.UTC(2026, 2, 2, 8, minute, at)),
  }));
  await stores.outbox.plan(rows, clock.now());
}

async function claims(count: number, limit: number): Promise<readonly string[]> {
  const claim = createFairClaim({
    claim: (query) => stores.outbox.claim(query),
    branches: async () => ['north', 'south'],
  });
  const seen: string[] = [];
  for (let asked = 0; asked < count; asked += 1) {
    const rows = await claim({ now: clock.now(), wallMs: clock.nowMs(), owner: 'p1', leaseMs: 60_000, limit });
    seen.push(rows.map(({ branch }) => branch ?? '-').join(' '));
  }
  return seen;
}

describe('A claim', () => {
  it('goes by the order of the outbox while everybody gets a place', async () => {
    await stores.simulator.reset();
    await planned('north', 2, 1);
    await planned('south', 1, 2);
    expect(await claims(2, 4)).toEqual(['north north south', '']);
  });

  it('shares the places out when one branch has a flood that began before the other’s', async () => {
    await stores.simulator.reset();
    await planned('north', 20, 1);
    await planned('south', 3, 2);
    expect(await claims(3, 4)).toEqual([
      'north north north north',
      'north north south south',
      'north north south north',
    ]);
  });

  it('takes turns also when there is one place at a time, and forgets no row without a branch', async () => {
    await stores.simulator.reset();
    await planned('north', 3, 1);
    await planned('south', 2, 2);
    await planned(null, 1, 3);
    expect(await claims(7, 1)).toEqual(['north', 'north', 'south', 'north', 'south', '-', '']);
  });
});
