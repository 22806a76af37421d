import type { Message, ShownStatus } from '../../core/message.ts';
import type { DeliveryDeps } from './deps.ts';
import type { Records } from './records.ts';
import type { Settle } from './settle.ts';

const PAGE = 200;

interface Recovery {
  /** Gives claims back, once; needs no channel. `recover` sees to it where it was not done. */
  takeOver(): Promise<void>;
  recover(): Promise<void>;
}

/**
 * What a start does with the rows that an earlier process left in the middle. Where nobody else works on the outbox, claims
 * are given back and attempts without an answer are asked for at once; else their leases run out by themselves.
 */
export function createRecovery(deps: DeliveryDeps, records: Records, settle: Settle): Recovery {
  const { outbox, clock, log } = deps;

  const inState = async (status: ShownStatus): Promise<readonly Message[]> => {
    const rows: Message[] = [];
    let cursor: string | null = null;
    do {
      const page = await outbox.list({ status }, { limit: PAGE, ...(cursor === null ? {} : { cursor }) });
      rows.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return rows.filter(({ leaseOwner }) => leaseOwner !== deps.owner);
  };

  const giveBack = async (): Promise<void> => {
    if (!deps.exclusive) return;
    // A claim may have reserved its price already; a row that is cancelled before its next look would keep it.
    for (const row of await inState('queued')) await settle.release(row);
    await outbox.releaseClaims(deps.owner);
  };

  const askAtOnce = async (): Promise<void> => {
    const asked = await inState('sending');
    for (const row of asked)
      await records.own(row, (current) => ({ ...current, lookAt: clock.now(), leaseOwner: null, leaseUntilMs: 0 }));
    if (asked.length > 0) log.info('delivery.recovered', { asked: asked.length });
  };

  let taken: Promise<void> | null = null;
  const takeOver = (): Promise<void> => {
    taken ??= giveBack();
    return taken;
  };

  return {
    takeOver,
    async recover() {
      await takeOver();
      if (deps.exclusive) await askAtOnce();
      await settle.sweep();
    },
  };
}
