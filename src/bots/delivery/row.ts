import type { ChannelName } from '../../core/channel-name.ts';
import type { Content, RenderedText } from '../../core/content.ts';
import type { Locale } from '../../core/locale.ts';
import type { Attempt, Message, TimelineEntry } from '../../core/message.ts';
import type { ChannelTried, Reason } from '../../core/reason.ts';
import { ASK_AFTER_MS } from '../unknown-outcome.ts';

const MAX_ATTEMPTS_KEPT = 20;

/** The pure steps of a row's life. Each gives the row as it is to be written; none decides whether it may. */
const FREE = { leaseOwner: null, leaseUntilMs: 0 } as const;

/** What one attempt says, where and at what price. */
export interface Draft {
  readonly attemptId: string;
  readonly channel: ChannelName;
  readonly to: string;
  readonly price: number;
  readonly currency: string | null;
  readonly locale: Locale;
  readonly content: Content;
  readonly text: RenderedText;
  readonly also: readonly string[];
  readonly conversation: string | null;
  readonly latestAt: Date | null;
  readonly tried: readonly ChannelTried[];
  readonly leaseUntilMs: number;
}

/** The attempt is on record before the network call; if nobody writes its answer, the platform is asked. */
export function toSending(row: Message, draft: Draft, now: Date): Message {
  const rest = withoutWaiting(row);
  const { attemptId, channel, to, price } = draft;
  return {
    ...rest,
    state: 'sending',
    leaseUntilMs: draft.leaseUntilMs,
    lookAt: new Date(now.getTime() + ASK_AFTER_MS),
    latestAt: draft.latestAt,
    channel,
    to,
    locale: draft.locale,
    content: draft.content,
    text: draft.text.text,
    choices: draft.text.choices,
    price,
    currency: draft.currency,
    also: draft.also,
    conversation: draft.conversation,
    tried: draft.tried,
    unknownRetries: row.unknownRetries + (mayHaveLeft(row) ? 1 : 0),
    attempts: [...row.attempts, { id: attemptId, channel, to, price, at: now }].slice(-MAX_ATTEMPTS_KEPT),
    timeline: [...row.timeline, { status: 'sending', at: now, channel }],
  };
}

/** Accepted: only the money and what follows from it are left. Channel, address and price are those of the accepted attempt. */
export function toSent(
  row: Message,
  answer: { attemptId: string; providerId: string; delivered: boolean },
  now: Date,
): Message {
  const rest = withoutWaiting(row);
  const { attemptId, providerId } = answer;
  const accepted = row.attempts.find(({ id }) => id === attemptId);
  const channel = accepted?.channel ?? row.channel;
  // The patient was erased while it was on its way: its id may name the chat, too.
  const isErased = accepted?.to === '';
  const entry = (status: 'sent' | 'delivered'): TimelineEntry => ({ status, at: now, ...(channel && { channel }) });
  return {
    ...rest,
    ...FREE,
    ...(accepted && { channel: accepted.channel, to: isErased ? null : accepted.to, price: accepted.price }),
    state: answer.delivered ? 'delivered' : 'sent',
    lookAt: null,
    sentAt: now,
    attempts: row.attempts.map((attempt) =>
      attempt.id === attemptId ? { ...attempt, result: 'sent', ...(!isErased && { providerId }) } : attempt,
    ),
    timeline: [...row.timeline, entry('sent'), ...(answer.delivered ? [entry('delivered')] : [])],
    unsettled: row.kind === 'scenario' ? 'charge' : null,
  };
}

/** Tried in vain and looked at again at `lookAt`, or at once where what it waits for may have ended meanwhile. A run of `retry` answers takes one place in attempts and timeline. */
export function toHeld(
  row: Message,
  why: { result: 'retry' | 'refused' | 'unknown'; lookAt: Date; detail: string; waiting?: Reason },
  now: Date,
): Message {
  const rest = withoutWaiting(row);
  const attempts = answered(row, why.result);
  const [before, last] = attempts.slice(-2);
  const again = why.result === 'retry' && last && before?.result === 'retry' && before.channel === last.channel;
  const trail = row.timeline.at(-1)?.status === 'sending' ? row.timeline.slice(0, -1) : row.timeline;
  const entry: TimelineEntry = {
    status: 'planned',
    at: now,
    ...(row.channel && { channel: row.channel }),
    detail: why.detail,
  };
  const known = trail.at(-1);
  const same = known?.status === 'planned' && known.detail === entry.detail && known.channel === entry.channel;
  return {
    ...rest,
    ...FREE,
    state: 'planned',
    lookAt: row.woken === true && why.waiting !== undefined ? now : why.lookAt,
    ...(why.waiting && { waiting: why.waiting }),
    attempts: again ? [...attempts.slice(0, -2), last] : attempts,
    timeline: same ? trail : [...trail, entry],
  };
}

/** Back to the plan without an attempt: the decision was to wait. One that was woken meanwhile is due as it was. */
export function toWaiting(
  row: Message,
  until: Date,
  reason: Reason | undefined,
  tried: readonly ChannelTried[],
): Message {
  return {
    ...withoutWaiting(row),
    ...FREE,
    state: 'planned',
    lookAt: row.woken === true ? row.lookAt : until,
    tried,
    ...(reason && { waiting: reason }),
  };
}

/** This channel refused for good; the claim stays, for the next channel is tried at once. */
export function toRefused(row: Message, reason: string, leaseUntilMs: number, now: Date): Message {
  const { channel } = row;
  return {
    ...row,
    state: 'claimed',
    leaseUntilMs,
    attempts: answered(row, 'refused'),
    refusedOn: channel === null || row.refusedOn.includes(channel) ? row.refusedOn : [...row.refusedOn, channel],
    timeline: [...row.timeline, { status: 'failed', at: now, ...(channel && { channel }), detail: reason }],
  };
}

/** This channel takes nothing before the message's time is over: the claim stays, for the next channel is tried at once. */
export function toPassedOver(row: Message, detail: string, leaseUntilMs: number, now: Date): Message {
  const { channel } = row;
  return {
    ...toRefused(row, detail, leaseUntilMs, now),
    attempts: answered(row, 'retry'),
    timeline: [...row.timeline, { status: 'planned', at: now, ...(channel && { channel }), detail }],
  };
}

/** Accepted, and refused by the platform afterwards: the next channel is tried at once, or the row ends. */
export function toBounced(
  row: Message,
  { providerId, reason, ends }: { providerId: string; reason: string; ends: boolean },
  now: Date,
): Message {
  const { channel } = row;
  const refused = channel === null || row.refusedOn.includes(channel) ? row.refusedOn : [...row.refusedOn, channel];
  return {
    ...row,
    ...FREE,
    state: ends ? 'failed' : 'planned',
    lookAt: ends ? null : now,
    sentAt: ends ? row.sentAt : null,
    attempts: row.attempts.map((attempt) =>
      attempt.providerId === providerId ? { ...attempt, result: 'refused' } : attempt,
    ),
    refusedOn: refused,
    timeline: [...row.timeline, { status: 'failed', at: now, ...(channel && { channel }), detail: reason }],
    unsettled: row.kind === 'scenario' ? 'refund' : null,
  };
}

/** It is proved that no attempt ever left: the row is decided anew under the same claim. */
export function toAbsent(row: Message, leaseUntilMs: number): Message {
  const attempts = row.attempts.map((attempt) =>
    isOpen(attempt) ? { ...attempt, result: 'retry' as const } : attempt,
  );
  return { ...row, state: 'claimed', leaseUntilMs, attempts };
}

/** The outcome of the earlier attempts stays unknown, and the message is to be decided and sent once more. */
export function toSendAgain(row: Message, leaseUntilMs: number): Message {
  return { ...row, state: 'claimed', leaseUntilMs };
}

/** Bytes left and no answer came: the claim ends and the platform is asked at `askAt`. */
export function toAsk(row: Message, askAt: Date): Message {
  return { ...row, ...FREE, lookAt: askAt, attempts: answered(row, 'unknown') };
}

/** The platform says nothing either. The hold stays; `lookAt` is the one retry, where there is one. */
export function toUnknown(row: Message, lookAt: Date | null, now: Date): Message {
  const rest = withoutWaiting(row);
  const entry: TimelineEntry = { status: 'unknown', at: now, ...(row.channel && { channel: row.channel }) };
  return {
    ...rest,
    ...FREE,
    state: 'unknown',
    lookAt,
    attempts: row.state === 'sending' ? answered(row, 'unknown') : row.attempts,
    timeline: row.timeline.at(-1)?.status === 'unknown' ? row.timeline : [...row.timeline, entry],
  };
}

/** The row ends here. */
export function toEnd(
  row: Message,
  end: {
    state: 'skipped' | 'expired' | 'failed';
    reason?: Reason;
    detail?: string;
    groupedIn?: string;
    tried?: readonly ChannelTried[];
  },
  now: Date,
): Message {
  const rest = withoutWaiting(row);
  const detail = end.detail ?? end.reason;
  const status = end.state === 'failed' ? 'failed' : 'skipped';
  const closed = status === 'failed' && row.timeline.at(-1)?.status === 'failed';
  return {
    ...rest,
    ...FREE,
    state: end.state,
    lookAt: null,
    ...(end.reason && { reason: end.reason }),
    ...(end.groupedIn && { groupedIn: end.groupedIn }),
    ...(end.tried && { tried: end.tried }),
    timeline: closed ? row.timeline : [...row.timeline, { status, at: now, ...(detail && { detail }) }],
  };
}

/** Staff, a person's erasure or a fresh decision took it back before anything of it left. */
export function toCancelled(row: Message, detail: string, now: Date): Message {
  return {
    ...withoutWaiting(row),
    ...FREE,
    state: 'cancelled',
    lookAt: null,
    timeline: [...row.timeline, { status: 'cancelled', at: now, detail }],
  };
}

/** True while an attempt may have reached the patient without our knowing: such a row is never skipped, failed or released. */
export function mayHaveLeft(row: Message): boolean {
  return row.attempts.some(({ result }) => result === 'unknown');
}

/** Attempts whose outcome nobody knows, the newest first. */
export function openAttempts(row: Message): readonly Attempt[] {
  return row.attempts.filter(isOpen).toReversed();
}

function isOpen({ result }: Attempt): boolean {
  return result === undefined || result === 'unknown';
}

/** What became of the newest attempt. */
function answered(row: Message, result: 'retry' | 'refused' | 'unknown'): readonly Attempt[] {
  const last = row.attempts.at(-1);
  return last === undefined ? row.attempts : [...row.attempts.slice(0, -1), { ...last, result }];
}

/** What the row waited for, and what woke it, holds no longer. */
function withoutWaiting(row: Message): Message {
  const rest: { -readonly [F in keyof Message]: Message[F] } = { ...row };
  delete rest.waiting;
  delete rest.woken;
  return rest;
}
