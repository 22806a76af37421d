import type { Channel, ChannelPace, OutgoingMessage, SendResult } from '../../core/channel.ts';
import type { TelegramSettings } from '../../core/channel-settings.ts';
import type { Hook } from '../../core/hook.ts';
import { createBreaker } from '../breaker.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import { ASK_AFTER_MS } from '../unknown-outcome.ts';
import type { CallFailure } from './call-failure.ts';
import { createTelegramHook } from './hook.ts';
import { createKeyboards } from './keyboards.ts';
import { type Line, openLine, type TelegramPatience } from './line.ts';
import { createMoves } from './moves.ts';
import { createPosting, type Posted } from './posting.ts';
import { MAX_BUTTONS, renderMessage } from './render.ts';
import { createStanding } from './standing.ts';
import { createTopics, groupOf, readTarget } from './topics.ts';

/** 20 a minute to one group (background: field.md, D3), with a little to spare. */
const PACE: ChannelPace = { perSecond: 30, perChatMs: 1000, groups: { of: groupOf, eachMs: 3_100 } };
const PATIENCE: TelegramPatience = { answerMs: 20_000, pollSeconds: 30 };
const UNAUTHORIZED_MS = 60_000;
const FIRST_RETRY_MS = 5000;
const LONGEST_RETRY_MS = 60_000;
const TOPIC_RETRY_MS = 5000;

/** Telegram as a channel, the door for its calls, and the bot's user name as far as it is known. */
export interface Telegram {
  readonly channel: Channel;
  /** Null with long polling. */
  readonly hook: Hook | null;
  botName(): string | null;
}

/**
 * A bot by grammY's client. Addresses are chat ids, or `<group id>#<key>` for a conversation in a group of staff, which gets a
 * topic of its own where the group has topics. Each message is tried once: what left without an answer is `unknown`, and
 * Telegram cannot be asked afterwards.
 */
export function createTelegram(settings: TelegramSettings, deps: ChannelDeps, patience = PATIENCE): Telegram {
  const standing = createStanding(deps);
  const topics = createTopics(deps.memory);
  const moves = createMoves(deps.memory);
  const post = createPosting(topics, moves);
  const keyboards = createKeyboards();
  const breaker = createBreaker(deps);
  let line: Line | null = null;
  let name: string | null = null;
  let unsent = 0;

  const afterFailure = (failure: CallFailure, before: boolean): SendResult => {
    switch (failure.kind) {
      case 'limited':
        standing.silence(failure.afterMs);
        return { kind: 'retry', afterMs: failure.afterMs, reason: 'rateLimited' };
      case 'unauthorized':
        standing.down('unauthorized');
        return { kind: 'retry', afterMs: UNAUTHORIZED_MS, reason: 'unauthorized' };
      case 'closed':
        return { kind: 'refused', reason: failure.reason, closes: true };
      case 'conflict':
      case 'moved':
      case 'topicGone':
      case 'rejected':
        return { kind: 'refused', reason: 'rejected' };
      case 'notSent':
        unsent += 1;
        return {
          kind: 'retry',
          afterMs: Math.min(FIRST_RETRY_MS * 2 ** (unsent - 1), LONGEST_RETRY_MS),
          reason: 'unreachable',
        };
      case 'unknown':
        if (before) return { kind: 'retry', afterMs: TOPIC_RETRY_MS, reason: 'noTopic', only: 'message' };
        return { kind: 'unknown', askAfterMs: ASK_AFTER_MS };
      default:
        return failure satisfies never;
    }
  };

  const tellBreaker = (posted: Posted): void => {
    if (posted.kind === 'posted') breaker.answered();
    else if (posted.failure.kind === 'unknown') breaker.failed();
    else if (posted.failure.kind === 'notSent') breaker.idle();
    else breaker.answered();
  };

  const send = async (message: OutgoingMessage): Promise<SendResult> => {
    const silentMs = standing.silentMs();
    if (silentMs > 0) return { kind: 'retry', afterMs: silentMs, reason: 'rateLimited' };
    if (line === null || standing.detail() === 'unauthorized')
      return { kind: 'retry', afterMs: UNAUTHORIZED_MS, reason: standing.detail() ?? 'notStarted' };
    const target = readTarget(message.to);
    if (target === null) return { kind: 'refused', reason: 'chatNotFound', closes: true };
    const brokenMs = breaker.waitMs();
    if (brokenMs > 0) return { kind: 'retry', afterMs: brokenMs, reason: 'unreachable' };
    const rendered = renderMessage(message, keyboards.isShown(message.to));
    const posted = await post(line.api, target, message, rendered);
    tellBreaker(posted);
    if (posted.kind === 'failed') {
      if (posted.failure.kind !== 'notSent') unsent = 0;
      return afterFailure(posted.failure, posted.before);
    }
    unsent = 0;
    if (rendered.keyboard === 'shown') keyboards.shown(message.to);
    if (rendered.keyboard === 'taken') keyboards.taken(message.to);
    return { kind: 'sent', providerId: posted.providerId };
  };

  const channel: Channel = {
    name: 'telegram',
    can: { buttons: MAX_BUTTONS, list: 0, freeFormWindowHours: null, receipts: 'none' },
    pace: PACE,
    async start(events) {
      line = await openLine(settings, patience, events, {
        ...deps,
        standing,
        topics,
        moves,
        named: (told) => {
          name = told;
        },
        contactShared: (chat) => keyboards.shown(chat),
      });
    },
    async stop() {
      const closing = line;
      line = null;
      await closing?.close();
      standing.connecting();
    },
    send,
    find: async () => ({ kind: 'silent' }),
    health: () => standing.health(),
  };
  const hook =
    settings.webhook === null ? null : createTelegramHook(settings.webhook.secret, () => line?.intake.take ?? null);
  return { channel, hook, botName: () => name };
}
