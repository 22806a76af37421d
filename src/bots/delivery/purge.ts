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
  settle: Pick<Settle, 'settle'>,
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
        // Only what is really taken gives its price back: somebody else may be sending it by now.
        const taken = await records.amend(row, (current) =>
          waitsFor(current, channel) ? giveBack(toCancelled(current, 'purged', now)) : null,
        );
        if (taken === null) continue;
        purged += 1;
        await settle.settle(taken);
      }
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    log.info('channel.purged', { channel, count: purged });
    return purged;
  };
}

function waitsFor(row: Message, channel: ChannelName): boolean {
  if (row.state !== 'planned' || row.kind === 'alert' || row.waiting !== 'noChannel' || mayHaveLeft(row)) return false;
  return row.channel === channel || row.tried.some((tried) => tried.channel === channel);
}

/** What an earlier attempt still has to give back comes first. */
function giveBack(row: Message): Message {
  return { ...row, unsettled: row.unsettled ?? (row.kind === 'scenario' ? 'release' : null) };
}
