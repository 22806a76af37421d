import type { ChannelName } from './channel-name.ts';
import type { RenderedText } from './content.ts';
import type { InboundMessage } from './inbound.ts';

/** What a channel is able to do, as data; nothing throws "not supported". */
export interface ChannelAbilities {
  /** How many buttons one message can carry; 0 means numbered text. */
  readonly buttons: number;
  /** How many rows a list can carry; 0 means numbered text. */
  readonly list: number;
  /** Hours after the patient's last message in which free text is allowed; null: always. */
  readonly freeFormWindowHours: number | null;
  /** Which receipts come: none, delivered, or delivered and read. */
  readonly receipts: 'none' | 'delivered' | 'read';
}

type ChannelState = 'up' | 'down' | 'connecting' | 'limited' | 'off';

export interface ChannelHealth {
  readonly state: ChannelState;
  readonly since: Date;
  readonly detail?: string;
  /** When `limited`: no send before this moment. */
  readonly limitedUntil?: Date;
}

/**
 * One attempt to hand a message over. `sent`: accepted, with the platform's id. `retry`: nothing left, try again after.
 * `refused`: for good, on this channel. `unknown`: bytes left and no answer came; ask `find` after `askAfterMs`.
 */
export type SendResult =
  | { readonly kind: 'sent'; readonly providerId: string; readonly delivered?: boolean }
  | { readonly kind: 'retry'; readonly afterMs: number; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly askAfterMs: number };

/** What the platform knows of an attempt: `absent` proves that it was not sent, `silent` proves nothing. */
export type FindResult =
  | { readonly kind: 'sent'; readonly providerId: string; readonly delivered?: boolean }
  | { readonly kind: 'absent' }
  | { readonly kind: 'silent' };

export interface OutgoingMessage {
  /** Known before the network call; the same attempt is never two messages where the platform lets us say so. */
  readonly attemptId: string;
  readonly messageId: string;
  readonly to: string;
  readonly text: RenderedText;
}

/** A receipt of the platform for an earlier send. */
export interface Receipt {
  readonly channel: ChannelName;
  readonly providerId: string;
  readonly status: 'delivered' | 'read';
  readonly at: Date;
}

export interface ChannelEvents {
  /** Resolves when the message is durable; handling follows. */
  received(message: InboundMessage): Promise<void>;
  receipt(receipt: Receipt): Promise<void>;
}

/** A way to patients. Implementations never throw from `send` for what a platform may answer. */
export interface Channel {
  readonly name: ChannelName;
  readonly can: ChannelAbilities;
  start(events: ChannelEvents): Promise<void>;
  /** Resolves when nothing is in flight. */
  stop(): Promise<void>;
  send(message: OutgoingMessage): Promise<SendResult>;
  find(attemptId: string): Promise<FindResult>;
  health(): ChannelHealth;
}

/** The states of all channels at one moment; a channel that is not set up is `off`. */
export type ChannelsHealth = Readonly<Record<ChannelName, ChannelHealth>>;
