import type { Receipt } from '../../core/channel.ts';
import type { ChannelName } from '../../core/channel-name.ts';
import type { Message, MessageState } from '../../core/message.ts';
import type { DeliveryDeps } from './deps.ts';
import type { Records } from './records.ts';

type Status = Receipt['status'];

const RANK: Readonly<Partial<Record<MessageState, number>>> = { sent: 1, delivered: 2, read: 3 };
/** `failed` outranks `sent` only: what was delivered was not refused. */
const RECEIPT_RANK: Readonly<Record<Status, number>> = { sent: 1, failed: 1.5, delivered: 2, read: 3 };

/** Receipts of the platforms. A status only ever rises: sent, delivered, read (spec: reliability.md B4, 36). */
export interface Receipts {
  /** Takes a receipt in; one that comes before our own record of the send is kept until that is written. */
  take(receipt: Receipt): Promise<void>;
  /** A send was recorded: what was kept for it is applied. */
  join(channel: ChannelName, providerId: string): Promise<void>;
}

/** What a receipt leads to beside a higher status. */
export interface ReceiptEffects {
  /** The platform has our attempt: an outcome that was unknown is known now. */
  arrived(row: Message, answer: { attemptId: string; providerId: string; delivered: boolean }): Promise<unknown>;
  /** Accepted first and refused later. */
  bounced(row: Message, receipt: Extract<Receipt, { status: 'failed' }>): Promise<void>;
}

/** Receipts and records of sends meet in whatever order they come, and on whatever instance. */
export function createReceipts(
  { outbox, parkedReceipts, channels, wall }: Pick<DeliveryDeps, 'outbox' | 'parkedReceipts' | 'channels' | 'wall'>,
  records: Records,
  effects: ReceiptEffects,
): Receipts {
  const raise = (row: Message, { status, at }: Receipt): Message | null => {
    if (status === 'failed' || (RANK[row.state] ?? 4) >= RECEIPT_RANK[status]) return null;
    const entry = { status, at, ...(row.channel && { channel: row.channel }) };
    return { ...row, state: status, timeline: [...row.timeline, entry] };
  };

  const apply = async (row: Message, receipt: Receipt): Promise<void> => {
    if (receipt.status === 'failed') await effects.bounced(row, receipt);
    else await records.amend(row, (current) => raise(current, receipt));
  };

  const join: Receipts['join'] = async (channel, providerId) => {
    if (channels.get(channel)?.can.receipts === 'none') return;
    const told = await parkedReceipts.of(channel, providerId);
    const row = told.length === 0 ? null : await outbox.byProviderId(channel, providerId);
    if (row === null) return;
    for (const receipt of told.toSorted((a, b) => RECEIPT_RANK[b.status] - RECEIPT_RANK[a.status]))
      await apply(row, receipt);
    await parkedReceipts.forget(channel, providerId);
  };

  return {
    join,
    async take(receipt) {
      const { channel, providerId, attemptId } = receipt;
      const row = await outbox.byProviderId(channel, providerId);
      if (row !== null) return apply(row, receipt);
      if (attemptId === undefined) {
        await parkedReceipts.park(receipt, wall.nowMs());
        // A record that was written since the look has asked for what is parked too early.
        return join(channel, providerId);
      }
      const lost = await outbox.byAttempt(attemptId);
      if (lost === null) return;
      if (['sending', 'unknown', 'planned', 'claimed'].includes(lost.state))
        await effects.arrived(lost, { attemptId, providerId, delivered: false });
      const recorded = await outbox.byProviderId(channel, providerId);
      if (recorded !== null) await apply(recorded, receipt);
    },
  };
}
