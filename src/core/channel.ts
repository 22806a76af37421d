import type { ChatAddress } from './address.ts';
import type { ChannelName } from './channel-name.ts';
import type { Content, RenderedText } from './content.ts';
import type { InboundMessage } from './inbound.ts';
import type { MessageKind } from './message.ts';

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

/** How fast the platform takes messages of one account; kept by all instances together, through the store. */
export interface ChannelPace {
  /** Messages a second, evenly spread. */
  readonly perSecond: number;
  /** The least time between two messages to one chat; 0: no rule. */
  readonly perChatMs: number;
  /** Chats of several people, where the platform counts all that goes there, replies and alerts too. */
  readonly groups?: {
    /** The group that an address lies in; null: a chat with one person. */
    readonly of: (to: string) => string | null;
    /** The least time between two messages to one group. */
    readonly eachMs: number;
  };
  /** A pause of random length, in ms, between two messages in place of the even rhythm. */
  readonly betweenMs?: readonly [shortest: number, longest: number];
  /** How many scenario messages a day (UTC) may go to chats that never wrote to us. */
  readonly coldPerDay?: number;
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
 * One attempt to hand a message over. `sent`: accepted, with the platform's id. `retry`: nothing left, try again after; the
 * whole channel is left alone until then, or with `only: 'message'` this message alone. `refused`: for good, on this channel;
 * with `closes` the chat takes nothing more (blocked, no such account) and is not tried again until it writes.
 * `unknown`: bytes left and no answer came; ask `find` after `askAfterMs`.
 */
export type SendResult =
  | { readonly kind: 'sent'; readonly providerId: string; readonly delivered?: boolean }
  | { readonly kind: 'retry'; readonly afterMs: number; readonly reason: string; readonly only?: 'message' }
  | { readonly kind: 'refused'; readonly reason: string; readonly closes?: boolean }
  | { readonly kind: 'unknown'; readonly askAfterMs: number };

/** What the platform knows of an attempt: `absent` proves that it was not sent, `silent` proves nothing. */
export type FindResult =
  | { readonly kind: 'sent'; readonly providerId: string; readonly delivered?: boolean }
  | { readonly kind: 'absent' }
  | { readonly kind: 'silent' };

/** Under whose name a branch writes. */
interface BranchSender {
  /** SMS: alphanumeric sender, at most 11 characters. */
  readonly sms?: string;
  readonly emailName?: string;
  readonly replyTo?: string;
}

/** The visit that a message is about, for a calendar file. */
export interface CalendarVisit {
  readonly id: string;
  /** Grows with every move. */
  readonly version: number;
  readonly start: Date;
  readonly end: Date;
  /** IANA zone of the branch. */
  readonly timezone: string;
  readonly branch: string;
  readonly address?: string;
  readonly doctor: string;
}

export interface OutgoingMessage {
  /** Known before the network call; the same attempt is never two messages where the platform lets us say so. */
  readonly attemptId: string;
  readonly messageId: string;
  readonly to: string;
  readonly text: RenderedText;
  readonly kind: MessageKind;
  /** What `text` was made of: an approved template is filled with its values. */
  readonly content: Content;
  /** When this chat last wrote to us; null: never. */
  readonly lastInboundAt: Date | null;
  readonly sender: BranchSender;
  readonly visit?: CalendarVisit;
  /** Messages of the same thread are shown together where the channel can (an alert and what follows from it). */
  readonly thread?: string;
}

/**
 * A receipt of the platform for an earlier send. `attemptId`, where the platform gives it back, resolves an attempt whose
 * answer was lost. `failed`: taken first and refused later; the next channel is tried.
 */
export type Receipt = {
  readonly channel: ChannelName;
  readonly providerId: string;
  readonly attemptId?: string;
  readonly at: Date;
} & (
  | { readonly status: 'sent' | 'delivered' | 'read' }
  | { readonly status: 'failed'; readonly reason: string; readonly closes?: boolean }
);

export interface ChannelEvents {
  /** Resolves when the message is durable; handling follows. */
  received(message: InboundMessage): Promise<void>;
  receipt(receipt: Receipt): Promise<void>;
  /** The platform says that this chat takes nothing any more (the patient blocked the bot), since `at` where it says so: old news may come late, or again. */
  closed(chat: ChatAddress, at?: Date): Promise<void>;
}

/** A way to patients. Implementations never throw from `send` for what a platform may answer. */
export interface Channel {
  readonly name: ChannelName;
  readonly can: ChannelAbilities;
  /** Absent: as fast as it answers. */
  readonly pace?: ChannelPace;
  /** Never rejects for a platform that is away or refuses us: `health` tells, and the channel goes on trying by itself where that makes sense. May follow `stop`. */
  start(events: ChannelEvents): Promise<void>;
  /** Resolves when nothing is in flight. */
  stop(): Promise<void>;
  send(message: OutgoingMessage): Promise<SendResult>;
  find(attemptId: string): Promise<FindResult>;
  health(): ChannelHealth;
}

/** The states of all channels at one moment; a channel that is not set up is `off`. */
export type ChannelsHealth = Readonly<Record<ChannelName, ChannelHealth>>;
