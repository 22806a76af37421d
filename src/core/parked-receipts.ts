import type { Receipt } from './channel.ts';
import type { ChannelName } from './channel-name.ts';

/** Receipts that came before our own record of the send, whichever instance heard them. Kept for a day of real time. */
export interface ParkedReceipts {
  /** Keeps it; a repeat of the same status changes nothing. */
  park(receipt: Receipt, wallMs: number): Promise<void>;
  /** What is kept for this send; `forget` it when it has been applied. */
  of(channel: ChannelName, providerId: string): Promise<readonly Receipt[]>;
  forget(channel: ChannelName, providerId: string): Promise<void>;
}
