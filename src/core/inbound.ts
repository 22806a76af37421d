import type { ChatAddress } from './address.ts';

/** What a patient (or a member of staff) did in a chat, without any platform's types. */
export type InboundBody =
  | { readonly kind: 'text'; readonly text: string; readonly quote?: string }
  | { readonly kind: 'choice'; readonly choice: string; readonly message?: string }
  | { readonly kind: 'contact'; readonly phone: string; readonly own: boolean }
  | { readonly kind: 'media'; readonly media: 'voice' | 'image' | 'sticker' | 'other' };

/** `id` is the platform's and, with the channel, the dedupe key. `quote` and `message` are our message ids (not the platform's). */
export interface InboundMessage {
  readonly id: string;
  readonly from: ChatAddress;
  readonly at: Date;
  readonly body: InboundBody;
  /** In a group of staff: the platform's id of the member who did it. */
  readonly sender?: string;
}

/** Takes one message at a time of each chat, in order; resolves when its effects are in the outbox. A repeat changes nothing. */
export type Receive = (message: InboundMessage) => Promise<void>;

/** A received message as stored: kept until handled, and then for dedupe (8 days at least). */
export interface StoredInbound extends InboundMessage {
  readonly handledAt: Date | null;
  readonly tries: number;
}

export interface InboundStore {
  /** False when this id was stored before: the caller drops the repeat. */
  store(message: InboundMessage): Promise<boolean>;
  markHandled(message: InboundMessage, at: Date): Promise<void>;
  /** Counts a failed try; returns the number of tries so far. */
  markFailed(message: InboundMessage): Promise<number>;
  /** Stored and not handled, oldest first: what a restart goes on with. */
  unhandled(): Promise<readonly StoredInbound[]>;
  /** All that was said in a chat by the other side, oldest first. */
  ofChat(from: ChatAddress, page: { after?: string; limit: number }): Promise<readonly StoredInbound[]>;
  /** The newest of what was said in a chat by the other side, oldest first. */
  newestOfChat(from: ChatAddress, limit: number): Promise<readonly StoredInbound[]>;
}
