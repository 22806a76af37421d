import { GrammyError, HttpError } from 'grammy';
import { NoAnswer } from './bot-api.ts';

/** Why a call of the Bot API did not give what was asked for. */
export type CallFailure =
  /** 429: nothing before so many milliseconds. */
  | { readonly kind: 'limited'; readonly afterMs: number }
  /** The token is wrong or was revoked. */
  | { readonly kind: 'unauthorized' }
  /** Somebody else asks for this bot's updates, or a webhook is set. */
  | { readonly kind: 'conflict' }
  /** The chat takes nothing from us any more. */
  | { readonly kind: 'closed'; readonly reason: 'blocked' | 'chatNotFound' | 'deactivated' }
  /** The group has become a supergroup, under this id. */
  | { readonly kind: 'moved'; readonly to: string }
  /** The group is there, its topic is not. */
  | { readonly kind: 'topicGone' }
  | { readonly kind: 'rejected' }
  /** No byte of it left. */
  | { readonly kind: 'notSent' }
  /** It left, and nobody knows what became of it. */
  | { readonly kind: 'unknown' };

/**
 * The only place that reads words of Telegram: a 400 has no finer code than its description, and a chat that is gone must not
 * be taken for a message that is malformed. An unknown wording counts as `rejected`, which ends the message and not the chat.
 */
const WORDS: readonly (readonly [RegExp, CallFailure])[] = [
  [/chat not found|PEER_ID_INVALID/i, { kind: 'closed', reason: 'chatNotFound' }],
  [/user is deactivated/i, { kind: 'closed', reason: 'deactivated' }],
  [/message thread not found|TOPIC_DELETED|TOPIC_CLOSED/i, { kind: 'topicGone' }],
];
const UNSAID_RETRY_AFTER_S = 5;

/** Translates what a call of grammY's `Api` threw; total. */
export function readFailure(error: unknown): CallFailure {
  if (error instanceof HttpError)
    return { kind: error.error instanceof NoAnswer && !error.error.left ? 'notSent' : 'unknown' };
  if (!(error instanceof GrammyError)) return { kind: 'unknown' };
  const code: unknown = error.error_code;
  switch (code) {
    case 400:
      if (Number.isSafeInteger(error.parameters.migrate_to_chat_id))
        return { kind: 'moved', to: String(error.parameters.migrate_to_chat_id) };
      return WORDS.find(([words]) => words.test(error.description))?.[1] ?? { kind: 'rejected' };
    // 404 is the answer to a token of the wrong shape.
    case 401:
    case 404:
      return { kind: 'unauthorized' };
    case 403:
      return { kind: 'closed', reason: 'blocked' };
    case 409:
      return { kind: 'conflict' };
    case 429:
      return { kind: 'limited', afterMs: 1000 * retryAfter(error.parameters.retry_after) };
    default:
      return typeof code === 'number' && code >= 400 && code < 500 ? { kind: 'rejected' } : { kind: 'unknown' };
  }
}

function retryAfter(seconds: unknown): number {
  return typeof seconds === 'number' && seconds > 0 ? seconds : UNSAID_RETRY_AFTER_S;
}
