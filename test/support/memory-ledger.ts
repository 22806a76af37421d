import type { LedgerStore } from '../../src/core/money.ts';

export interface MemoryLedger extends Pick<LedgerStore, 'topUp' | 'funds' | 'hold' | 'charge' | 'release'> {
  /** Every charge, as `message channel amount day`. */
  readonly charges: readonly string[];
}

/** The part of the ledger that delivery uses, in memory; held to `test/contracts/ledger.ts` as the real one is. */
export function memoryLedger(): MemoryLedger {
  const balances = new Map<string, number>();
  const topUps = new Set<string>();
  const holds = new Map<string, { branch: string; amount: number }>();
  const charged = new Set<string>();
  const charges: string[] = [];
  const reserved = (branch: string, but?: string): number =>
    [...holds].reduce((sum, [id, hold]) => sum + (hold.branch === branch && id !== but ? hold.amount : 0), 0);
  const funds = (branch: string) => ({ balance: balances.get(branch) ?? 0, reserved: reserved(branch) });

  return {
    charges,
    async topUp(branch, amount, key) {
      const created = !topUps.has(key);
      if (created) balances.set(branch, (balances.get(branch) ?? 0) + amount);
      topUps.add(key);
      return { funds: funds(branch), created };
    },
    funds: async (branch) => funds(branch),
    async hold({ branch, message }, amount) {
      if (charged.has(message)) return true;
      if ((balances.get(branch) ?? 0) - reserved(branch, message) < amount) return false;
      holds.set(message, { branch, amount });
      return true;
    },
    async charge({ branch, message, channel }, amount, _at, day) {
      holds.delete(message);
      if (charged.has(message)) return;
      charged.add(message);
      balances.set(branch, (balances.get(branch) ?? 0) - amount);
      charges.push(`${message} ${channel} ${amount} ${day}`);
    },
    async release(_branch, message) {
      holds.delete(message);
    },
  };
}
