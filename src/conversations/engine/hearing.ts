import type { Conversation } from '../../core/conversation.ts';
import type { InboundMessage } from '../../core/inbound.ts';
import type { Chat } from './chat.ts';
import type { EngineDeps } from './deps.ts';
import type { Keeper } from './keeper.ts';

/** One reply on its way to its question. */
export interface Hearing {
  readonly deps: EngineDeps;
  readonly keeper: Keeper;
  readonly message: InboundMessage;
  readonly chat: Chat;
  readonly conversations: readonly Conversation[];
  readonly now: Date;
}
