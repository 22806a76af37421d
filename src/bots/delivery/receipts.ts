import type { Receipt } from '../../core/channel.ts';
import type { ChannelName } from '../../core/channel-name.ts';
import type { Message, MessageState, OutboxStore } from '../../core/message.ts';
import type { Records } from './records.ts';

const RANK: Readonly<Partial<Record<MessageState, number>>> = { sent: 1, delivered: 2, read: 3 };
const MAX_PARKED = 10_000;

/** Receipts of the platforms. A status only ever rises: sent, delivered, read (spec: reliability.md B4, 36). */
export interface Receipts {
  /** Takes a receipt in; one that comes before our own record of the send is kept until that is written. */
  take(receipt: Receipt): Promise<void>;
  /** A send was recorded: what was kept for it is applied. */
  join(channel: ChannelName, providerId: string): Promise<void>;
}

/** Parked receipts live in memory: after a restart the platform's later receipts, or none, tell. */
export function createReceipts(outbox: Pick<OutboxStore, 'byProviderId'>, records: Records): Receipts {
  const parked = new Map<string, Receipt>();
  const keyOf = ({ channel, providerId }: Pick<Receipt, 'channel' | 'providerId'>): string =>
    `${channel}:${providerId}`;

  const park = (receipt: Receipt): void => {
    const key = keyOf(receipt);
    const known = parked.get(key);
    if (known?.status === 'read') return;
    parked.delete(key);
    parked.set(key, receipt);
    const oldest = parked.keys().next();
    if (parked.size > MAX_PARKED && !oldest.done) parked.delete(oldest.value);
  };

  const raise = (row: Message, { status, at }: Receipt): Message | null => {
    if ((RANK[row.state] ?? 4) >= (RANK[status] ?? 0)) return null;
    const entry = { status, at, ...(row.channel && { channel: row.channel }) };
    return { ...row, state: status, timeline: [...row.timeline, entry] };
  };

  const take = async (receipt: Receipt): Promise<void> => {
    // Parked before the look: a record written meanwhile finds it by `join`.
    park(receipt);
    const row = await outbox.byProviderId(receipt.channel, receipt.providerId);
    if (row === null) return;
    parked.delete(keyOf(receipt));
    await records.amend(row, (current) => raise(current, receipt));
  };

  return {
    take,
    async join(channel, providerId) {
      const key = keyOf({ channel, providerId });
      const receipt = parked.get(key);
      if (receipt === undefined) return;
      parked.delete(key);
      await take(receipt);
    },
  };
}
