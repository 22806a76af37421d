import type { ChannelName } from '../../core/channel-name.ts';
import type { Message } from '../../core/message.ts';
import type { DeliveryDeps } from './deps.ts';
import type { Records } from './records.ts';
import { mayHaveLeft, toCancelled } from './row.ts';
import type { Settle } from './settle.ts';

const PAGE = 200;

/** Cancels the due rows that wait for a channel; of none can anything have left. Gives how many. */
export function createPurge(
  deps: Pick<DeliveryDeps, 'outbox' | 'clock' | 'log'>,
  records: Records,
  settle: Pick<Settle, 'release'>,
): (channel: ChannelName) => Promise<number> {
  const { outbox, clock, log } = deps;
  return async (channel) => {
    const now = clock.now();
    const upToNow = new Date(now.getTime() + 1);
    let purged = 0;
    let cursor: string | undefined;
    do {
      const page = await outbox.list({ status: 'planned', to: upToNow }, { limit: PAGE, ...(cursor && { cursor }) });
      for (const row of page.items) {
        if (!waitsFor(row, channel)) continue;
        await settle.release(row);
        if ((await records.own(row, (current) => toCancelled(current, 'purged', now))) !== null) purged += 1;
      }
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    log.info('channel.purged', { channel, count: purged });
    return purged;
  };
}

function waitsFor(row: Message, channel: ChannelName): boolean {
  if (row.kind === 'alert' || row.waiting !== 'noChannel' || mayHaveLeft(row)) return false;
  return row.channel === channel || row.tried.some((tried) => tried.channel === channel);
}
