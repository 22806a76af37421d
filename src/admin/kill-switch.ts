import type { Stores } from '../core/stores.ts';

/** The clinic-wide kill switch as the API and the bot commands throw it; on release what waited for it is looked at at once (spec: scenarios.md, rule 1). */
export async function throwKillSwitch(
  stores: Pick<Stores, 'killSwitch' | 'outbox'>,
  on: boolean,
  now: Date,
): Promise<void> {
  await stores.killSwitch.set(on, now);
  if (!on) await stores.outbox.wake('killSwitch', now);
}
