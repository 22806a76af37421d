import type { AdminDependencies } from './dependencies.ts';

/** The clinic-wide kill switch as the API and the bot commands throw it; on release what waited for it is looked at at once (spec: scenarios.md, rule 1). */
export async function throwKillSwitch(
  { stores, poke }: Pick<AdminDependencies, 'stores' | 'poke'>,
  on: boolean,
  now: Date,
): Promise<void> {
  await stores.killSwitch.set(on, now);
  if (on) return;
  await stores.outbox.wake('killSwitch', now);
  poke?.();
}
