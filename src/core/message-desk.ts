import type { ChannelName } from './channel-name.ts';
import type { Message } from './message.ts';

/** What staff do with a message whose sending went wrong (spec: api.md, Messages). */
export interface MessageDesk {
  /** Plans the message anew under a new id and marks the old one `resentAs`; null when there is none. Throws `AppError('conflict')` unless it is failed or unknown, and when it was resent before. */
  resend(id: string, now: Date): Promise<Message | null>;
  /** Settles an unknown outcome for good, its money too; null when there is none. Throws `AppError('conflict')` unless it is unknown. */
  resolve(id: string, as: 'sent' | 'failed', now: Date): Promise<Message | null>;
}

/** What a planned row would be if it went out now: as the message log shows it. */
interface PlannedLook {
  readonly text: string;
  readonly channel: ChannelName;
  readonly to: string;
  readonly price: number;
}

/** Null when it would not go out as things stand (a rule fails, no channel reaches the patient). Nothing is stored. */
export type LookAtPlanned = (message: Message, now: Date) => Promise<PlannedLook | null>;
