import type { Receipt } from '../../core/channel.ts';
import type { ChannelName } from '../../core/channel-name.ts';
import type { Message, MessageState, OutboxStore } from '../../core/message.ts';
import type { Records } from './records.ts';

type Status = Receipt['status'];

const RANK: Readonly<Partial<Record<MessageState, number>>> = { sent: 1, delivered: 2, read: 3 };
/** `failed` outranks `sent` only: what was delivered was not refused. */
const RECEIPT_RANK: Readonly<Record<Status, number>> = { sent: 1, failed: 1.5, delivered: 2, read: 3 };
const MAX_PARKED = 10_000;

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

/** Parked receipts live in memory: after a restart the platform's later receipts, or none, tell. */
export function createReceipts(
  outbox: Pick<OutboxStore, 'byProviderId' | 'byAttempt'>,
  records: Records,
  effects: ReceiptEffects,
): Receipts {
  const parked = new Map<string, Receipt>();
  const keyOf = ({ channel, providerId }: Pick<Receipt, 'channel' | 'providerId'>): string =>
    `${channel}:${providerId}`;

  const park = (receipt: Receipt): void => {
    const key = keyOf(receipt);
    const known = parked.get(key);
    if (known !== undefined && RECEIPT_RANK[known.status] >= RECEIPT_RANK[receipt.status]) return;
    parked.delete(key);
    parked.set(key, receipt);
    const oldest = parked.keys().next();
    if (parked.size > MAX_PARKED && !oldest.done) parked.delete(oldest.value);
  };

  const raise = (row: Message, { status, at }: Receipt): Message | null => {
    if (status === 'failed' || (RANK[row.state] ?? 4) >= RECEIPT_RANK[status]) return null;
    const entry = { status, at, ...(row.channel && { channel: row.channel }) };
    return { ...row, state: status, timeline: [...row.timeline, entry] };
  };

  const apply = async (row: Message, receipt: Receipt): Promise<void> => {
    if (receipt.status === 'failed') await effects.bounced(row, receipt);
    else await records.amend(row, (current) => raise(current, receipt));
  };

  const take = async (receipt: Receipt): Promise<void> => {
    // Parked before the look: a record written meanwhile finds it by `join`.
    park(receipt);
    const { channel, providerId, attemptId } = receipt;
    const row = await outbox.byProviderId(channel, providerId);
    if (row !== null) {
      parked.delete(keyOf(receipt));
      await apply(row, receipt);
      return;
    }
    const lost = attemptId === undefined ? null : await outbox.byAttempt(attemptId);
    if (lost === null || attemptId === undefined) return;
    if (['sending', 'unknown', 'planned', 'claimed'].includes(lost.state))
      await effects.arrived(lost, { attemptId, providerId, delivered: false });
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
