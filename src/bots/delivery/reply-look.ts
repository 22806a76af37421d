import { chatKey } from '../../core/address.ts';
import type { SendResult } from '../../core/channel.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/clock.ts';
import type { Message } from '../../core/message.ts';
import { type DeliveryDeps, LEASE_MS } from './deps.ts';
import { createFlood } from './flood.ts';
import type { HandOver } from './hand-over.ts';
import { createLostReplies } from './lost-replies.ts';
import type { Records } from './records.ts';
import { toAbsent, toAsk, toCancelled, toEnd, toHeld, toUnknown, toWaiting } from './row.ts';
import type { Settle } from './settle.ts';

const REPLY_LIVES_MS = DAY_MS;
const DOWN_RETRY_MS = 30_000;

/**
 * One look at a claimed reply, alert or staff message: handed over at once. A reply waits for its channel for a day and is
 * said at most once; an alert is tried until it is accepted (spec: reliability.md B3). A correction is decided again first.
 */
export function createReplyLook(parts: {
  deps: DeliveryDeps;
  records: Records;
  settle: Settle;
  handOver: HandOver;
  /** Told of each row that waits for its channel to come up. */
  held: (row: Message) => void;
}): (row: Message) => Promise<void> {
  const { deps, records, settle, handOver } = parts;
  const { clock, wall, pacing, metrics } = deps;
  const flood = createFlood(wall);
  const lost = createLostReplies(deps);

  const say = async (row: Message): Promise<void> => {
    const now = clock.now();
    const { channel, to, locale, corrects } = row;
    if (channel === null || to === null || locale === null || (row.content === null && corrects === undefined))
      throw new Error('A reply says what, where and in which language.');
    if (row.kind !== 'alert' && now.getTime() >= row.createdAt.getTime() + REPLY_LIVES_MS) {
      await lost(await records.own(row, (current) => toEnd(current, { state: 'expired', reason: 'tooLate' }, now)));
      return;
    }
    const opensAt = pacing.limitedUntil(channel) ?? (isConnected(deps, channel) ? null : after(now, DOWN_RETRY_MS));
    if (opensAt !== null) return hold(row, opensAt);
    const content = corrects === undefined ? row.content : await deps.decider.correction(row, now);
    if (content === null) {
      await records.own(row, (current) => toCancelled(current, 'overtaken', now));
      return;
    }
    // Simulated phones may talk as fast as a test does.
    const isPaced = deps.channels.get(channel)?.pace !== undefined;
    if (row.kind === 'reply' && isPaced && !flood.takes(chatKey({ channel, address: to }))) {
      deps.log.warn('reply.flood', { message: row.id });
      await lost(await records.own(row, (current) => toEnd(current, { state: 'failed', detail: 'flood' }, now)));
      return;
    }
    const again = row.lookAt !== null && row.lookAt > row.dueAt;
    const turn = await pacing.turn({ channel, to, kind: row.kind, again, isCold: () => Promise.resolve(false) });
    if ('notBefore' in turn) return turn.queued === true ? queue(row, turn.notBefore) : hold(row, turn.notBefore);
    const draft = {
      channel,
      to,
      content,
      locale,
      price: 0,
      currency: row.currency,
      text: deps.render(content, locale),
      also: row.also,
      conversation: row.conversation,
      latestAt: row.latestAt,
      tried: row.tried,
    };
    const handed = await handOver.send(row, draft, turn.atMs);
    if (handed === null) return;
    if ('notBefore' in handed) return hold(row, handed.notBefore);
    await conclude(handed.row, handed.answer);
  };

  /** Not woken with those that wait for the channel, which would have it overtake, or be overtaken. */
  const queue = async (row: Message, until: Date): Promise<void> => {
    await records.own(row, (current) => toWaiting(current, until, undefined, current.tried));
  };

  const hold = async (row: Message, until: Date): Promise<void> => {
    const waiting = await records.own(row, (current) => toWaiting(current, until, 'noChannel', current.tried));
    if (waiting !== null) parts.held(waiting);
  };

  const conclude = async (row: Message, answer: SendResult): Promise<void> => {
    const now = clock.now();
    const channel = row.channel ?? 'email';
    switch (answer.kind) {
      case 'sent': {
        const { providerId, delivered = false } = answer;
        await settle.sent(row, { attemptId: row.attempts.at(-1)?.id ?? '', providerId, delivered });
        return;
      }
      case 'retry': {
        const lookAt = after(now, answer.afterMs);
        if (answer.only !== 'message') pacing.limit(channel, lookAt);
        const why = { result: 'retry', lookAt, detail: answer.reason, waiting: 'noChannel' } as const;
        const waiting = await records.own(row, (current) => toHeld(current, why, now));
        if (waiting !== null) parts.held(waiting);
        return;
      }
      case 'refused':
        metrics.refused({ channel, reason: answer.reason });
        await lost(
          await records.own(row, (current) =>
            row.kind === 'alert'
              ? toHeld(current, { result: 'refused', lookAt: backoff(row, now), detail: answer.reason }, now)
              : toEnd(current, { state: 'failed', detail: answer.reason }, now),
          ),
        );
        return;
      case 'unknown':
        await records.own(row, (current) => toAsk(current, after(now, answer.askAfterMs)));
        return;
      default:
        answer satisfies never;
    }
  };

  const ask = async (row: Message): Promise<void> => {
    const found = await handOver.ask(row);
    if (found.kind === 'sent') {
      await settle.sent(row, found);
      return;
    }
    if (found.kind === 'absent') {
      const claimed = await records.own(row, (current) => toAbsent(current, wall.nowMs() + LEASE_MS));
      if (claimed !== null) await say(claimed);
      return;
    }
    const now = clock.now();
    metrics.unknown({ channel: row.channel ?? 'email' });
    await lost(
      await records.own(row, (current) =>
        row.kind === 'alert'
          ? toHeld(current, { result: 'unknown', lookAt: backoff(row, now), detail: 'unknown' }, now)
          : toUnknown(current, null, now),
      ),
    );
  };

  return async (row) => {
    if (row.state === 'claimed') return say(row);
    if (row.state === 'sending') return ask(row);
    deps.log.warn('message.nothingToLookAt', { message: row.id, state: row.state });
    await records.own(row, (current) => ({ ...current, lookAt: null }));
  };
}

/** Whether a message may be handed to the channel now. */
export function isConnected({ channels }: DeliveryDeps, name: NonNullable<Message['channel']>): boolean {
  const state = channels.get(name)?.health().state;
  return state === 'up' || state === 'limited';
}

function after(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}

/** 1, 2, 4 … minutes, at most an hour, by the attempts so far. */
function backoff({ attempts }: Message, now: Date): Date {
  return after(now, Math.min(2 ** Math.max(0, attempts.length - 1) * MINUTE_MS, HOUR_MS));
}
