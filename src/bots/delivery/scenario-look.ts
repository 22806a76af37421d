import type { SendResult } from '../../core/channel.ts';
import type { ChannelName } from '../../core/channel-name.ts';
import type { Message, Verdict } from '../../core/message.ts';
import type { Reason } from '../../core/reason.ts';
import { NOTHING_DONE, type WorkDone } from '../../core/timed-work.ts';
import { type DeliveryDeps, LEASE_MS } from './deps.ts';
import type { HandOver } from './hand-over.ts';
import type { OpenQuestions } from './questions.ts';
import type { Records } from './records.ts';
import {
  mayHaveLeft,
  toAbsent,
  toAsk,
  toEnd,
  toHeld,
  toPassedOver,
  toRefused,
  toSendAgain,
  toUnknown,
  toWaiting,
} from './row.ts';
import type { Settle } from './settle.ts';

const LOOK_AGAIN_MS = 600_000;
const SENT: WorkDone = { sent: 1, skipped: 0 };
const SKIPPED: WorkDone = { sent: 0, skipped: 1 };
type Send = Extract<Verdict, { do: 'send' }>;

export interface ScenarioLookParts {
  readonly deps: DeliveryDeps;
  readonly records: Records;
  readonly settle: Settle;
  readonly handOver: HandOver;
  readonly questions: OpenQuestions;
  /** Says what takes back a message that may have left and was overtaken by its visit; may be repeated. */
  readonly correct: (row: Message) => Promise<void>;
}

/**
 * One look at a claimed scenario row: decided on fresh facts and sent, held, skipped or failed; or, where an attempt has no
 * outcome, the platform is asked first. Never sends at or after the latest moment.
 */
export function createScenarioLook(parts: ScenarioLookParts): (row: Message) => Promise<WorkDone> {
  const { deps, records, settle, handOver, questions, correct } = parts;
  const { clock, wall, decider, ledger, pacing, metrics, log } = deps;
  const lease = (): number => wall.nowMs() + LEASE_MS;

  const wait = async (row: Message, until: Date, reason: Reason | undefined, tried = row.tried): Promise<WorkDone> => {
    const lookAt = notPast(until, row.latestAt, clock.now());
    if (mayHaveLeft(row)) await leaveUnknown(row, row.latestAt !== null && lookAt >= row.latestAt ? null : lookAt);
    else {
      if (row.fence > 1 || row.attempts.length > 0) await settle.release(row);
      await records.own(row, (current) => toWaiting(current, lookAt, reason, tried));
    }
    return NOTHING_DONE;
  };

  const leaveUnknown = async (row: Message, lookAt: Date | null): Promise<WorkDone> => {
    await correct(row);
    await records.own(row, (current) => toUnknown(current, lookAt, clock.now()));
    return NOTHING_DONE;
  };

  const end = async (row: Message, how: Parameters<typeof toEnd>[1]): Promise<WorkDone> => {
    if (mayHaveLeft(row)) return leaveUnknown(row, null);
    if (row.fence > 1 || row.attempts.length > 0) await settle.release(row);
    const ended = await records.own(row, (current) => toEnd(current, how, clock.now()));
    if (ended === null || how.state === 'failed') return NOTHING_DONE;
    metrics.skipped({ scenario: row.scenario ?? row.kind, reason: how.reason ?? 'tooLate' });
    return SKIPPED;
  };

  const decide = async (claimed: Message): Promise<WorkDone> => {
    let row = claimed;
    // What an earlier attempt cost is given back before a hold for the next one.
    if (row.unsettled !== null) await settle.settleFirst(row);
    for (;;) {
      const verdict = await decider.decide(row, clock.now());
      switch (verdict.do) {
        case 'wait':
          return wait(row, verdict.until, verdict.reason, verdict.tried);
        case 'skip': {
          const { reason, tried, groupedIn } = verdict;
          return end(row, { state: 'skipped', reason, tried, ...(groupedIn && { groupedIn }) });
        }
        case 'fail':
          return end(row, { state: 'failed', tried: verdict.tried });
        case 'send': {
          const after = await offer(row, verdict);
          if (!('refused' in after)) return after;
          row = after.refused;
          break;
        }
        default:
          return verdict satisfies never;
      }
    }
  };

  /** The row when this channel refused it: it is decided again at once. */
  const offer = async (row: Message, verdict: Send): Promise<WorkDone | { readonly refused: Message }> => {
    const now = clock.now();
    const { channel, price, opening, content, locale } = verdict;
    if (row.refusedOn.includes(channel)) throw new Error(`${channel} has refused this message before.`);
    if (now >= verdict.latestAt) return end(row, { state: 'skipped', reason: heldUpBy(row) ?? 'tooLate' });
    const fresh = { ...row, latestAt: verdict.latestAt };
    const limited = pacing.limitedUntil(channel);
    if (limited !== null)
      return (await passOn(row, verdict, limited)) ?? wait(fresh, limited, 'noChannel', verdict.tried);
    const isCold = (): Promise<boolean> => handOver.isCold(verdict);
    const turn = await pacing.turn({ channel, to: verdict.to, kind: row.kind, again: false, isCold });
    if ('notBefore' in turn)
      return (await passOn(row, verdict, turn.notBefore)) ?? wait(fresh, turn.notBefore, 'noChannel', verdict.tried);
    const text = deps.render(content, locale);
    const of = { message: row.id, branch: verdict.branch, scenario: row.scenario ?? row.kind, channel };
    if (!(await ledger.hold(of, price)))
      return wait(fresh, new Date(now.getTime() + LOOK_AGAIN_MS), 'noFunds', verdict.tried);
    deps.crash?.('hold:after');
    await questions.open(row, verdict);
    deps.crash?.('open:after');
    const conversation = opening?.id ?? row.conversation;
    const handed = await handOver.send(row, { ...verdict, conversation, text }, turn.atMs);
    if (handed === null) {
      await abandon(row, opening?.id ?? null);
      return NOTHING_DONE;
    }
    if ('notBefore' in handed) {
      await takeBack({ ...row, conversation });
      const { notBefore } = handed;
      return (await passOn(row, verdict, notBefore)) ?? wait(fresh, notBefore, 'noChannel', verdict.tried);
    }
    return conclude(handed.row, handed.answer, channel);
  };

  /** A channel that is free again when the message's time is over is none: the next one takes it, where there is one. */
  const passOn = async (
    row: Message,
    { channel, latestAt }: { readonly channel: ChannelName; readonly latestAt: Date | null },
    at: Date,
    pass = (current: Message): Message => ({ ...current, refusedOn: [...current.refusedOn, channel] }),
  ): Promise<{ refused: Message } | null> => {
    if (latestAt === null || at < latestAt) return null;
    const next = await decider.decide({ ...row, refusedOn: [...row.refusedOn, channel] }, clock.now());
    if (next.do !== 'send' && next.do !== 'wait') return null;
    const refused = await records.own(row, pass);
    return refused && { refused };
  };

  const conclude = async (
    row: Message,
    answer: SendResult,
    channel: ChannelName,
  ): Promise<WorkDone | { readonly refused: Message }> => {
    const now = clock.now();
    switch (answer.kind) {
      case 'sent': {
        const attemptId = row.attempts.at(-1)?.id ?? '';
        const { providerId, delivered = false } = answer;
        return (await settle.sent(row, { attemptId, providerId, delivered })) ? SENT : NOTHING_DONE;
      }
      case 'retry': {
        const until = new Date(now.getTime() + answer.afterMs);
        if (answer.only !== 'message') pacing.limit(channel, until);
        await takeBack(row);
        const { latestAt } = row;
        const passed = await passOn(row, { channel, latestAt }, until, (current) =>
          toPassedOver(current, answer.reason, lease(), now),
        );
        if (passed !== null) return passed;
        const lookAt = notPast(until, row.latestAt, now);
        if (mayHaveLeft(row)) await leaveUnknown(row, row.latestAt !== null && lookAt >= row.latestAt ? null : lookAt);
        else
          await records.own(row, (current) =>
            toHeld(current, { result: 'retry', lookAt, detail: answer.reason, waiting: 'noChannel' }, now),
          );
        return NOTHING_DONE;
      }
      case 'refused': {
        metrics.refused({ channel, reason: answer.reason });
        await takeBack(row);
        const refused = await records.own(row, (current) => toRefused(current, answer.reason, lease(), now));
        return refused === null ? NOTHING_DONE : { refused };
      }
      case 'unknown': {
        const askAt = new Date(now.getTime() + answer.askAfterMs);
        await records.own(row, (current) => toAsk(current, askAt));
        return NOTHING_DONE;
      }
      default:
        return answer satisfies never;
    }
  };

  /** This attempt did not reach anybody. What an earlier one of unknown outcome holds stays. */
  const takeBack = async (row: Message): Promise<void> => {
    if (mayHaveLeft(row)) return;
    await settle.release(row);
    await questions.withdraw(row, row.conversation);
  };

  /** Somebody else was first. If that ended the row unsent, what we reserved and opened for it goes too. */
  const abandon = async (row: Message, conversation: string | null): Promise<void> => {
    const fresh = await deps.outbox.get(row.id);
    log.info('message.lost', { message: row.id, stage: 'claim' });
    if (fresh !== null && !['cancelled', 'skipped', 'expired', 'failed'].includes(fresh.state)) return;
    await settle.release(row);
    await questions.withdraw(row, conversation);
  };

  const ask = async (row: Message): Promise<WorkDone> => {
    const found = await handOver.ask(row);
    if (found.kind === 'sent') return (await settle.sent(row, found)) ? SENT : NOTHING_DONE;
    if (found.kind === 'absent') return resume(row, (current) => toAbsent(current, lease()));
    const now = clock.now();
    const again = row.scenario !== null && deps.repeatable(row.scenario) === 'atLeastOnce' && row.unknownRetries === 0;
    if (row.state === 'unknown')
      return again && inTime(now, row.latestAt)
        ? resume(row, (current) => toSendAgain(current, lease()))
        : leaveUnknown(row, null);
    if (row.channel !== null) metrics.unknown({ channel: row.channel });
    const later = new Date(now.getTime() + LOOK_AGAIN_MS);
    return leaveUnknown(row, again && inTime(later, row.latestAt) ? later : null);
  };

  const resume = async (row: Message, change: (current: Message) => Message): Promise<WorkDone> => {
    const claimed = await records.own(row, change);
    return claimed === null ? NOTHING_DONE : decide(claimed);
  };

  return async (row) => {
    if (row.state === 'claimed') return decide(row);
    if (row.state === 'sending' || row.state === 'unknown') return ask(row);
    log.warn('message.nothingToLookAt', { message: row.id, state: row.state });
    await records.own(row, (current) => ({ ...current, lookAt: null }));
    return NOTHING_DONE;
  };
}

/** The reason under which a held row ends when its time is over (spec: scenarios.md, rules 10 and 11). */
function heldUpBy({ waiting }: Message): Reason | null {
  return waiting === 'noFunds' || waiting === 'noChannel' ? waiting : null;
}

function inTime(at: Date, latestAt: Date | null): boolean {
  return latestAt === null || at < latestAt;
}

/** Not later than the latest moment, where the row ends; and ahead, so that no look repeats at its own moment. */
function notPast(until: Date, latestAt: Date | null, now: Date): Date {
  const capped = latestAt !== null && latestAt > now && latestAt < until ? latestAt : until;
  return capped > now ? capped : new Date(now.getTime() + 1000);
}
