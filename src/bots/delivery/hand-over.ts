import type { FindResult, OutgoingMessage, SendResult } from '../../core/channel.ts';
import type { ChannelName } from '../../core/channel-name.ts';
import type { Message } from '../../core/message.ts';
import { ASK_AFTER_MS } from '../unknown-outcome.ts';
import { within } from './deadline.ts';
import { ANSWER_MS, type DeliveryDeps, LEASE_MS } from './deps.ts';
import type { Records } from './records.ts';
import { type Draft, openAttempts, toSending } from './row.ts';

const NOT_CONNECTED: SendResult = { kind: 'retry', afterMs: 600_000, reason: 'notConnected' };
const NO_ANSWER: SendResult = { kind: 'unknown', askAfterMs: ASK_AFTER_MS };

type Enclosed = Pick<OutgoingMessage, 'sender' | 'visit' | 'thread' | 'lastInboundAt'>;

/** What the platform knows of the attempts without an outcome. */
type Found =
  | { readonly kind: 'sent'; readonly attemptId: string; readonly providerId: string; readonly delivered: boolean }
  | { readonly kind: 'absent' }
  | { readonly kind: 'silent' };

/** The only place that calls a channel for a message of the outbox. */
export interface HandOver {
  /** Writes the attempt, then makes it. Without an answer nothing left: null when the row was no longer ours, else not before that moment. */
  send(
    row: Message,
    draft: Omit<Draft, 'attemptId' | 'leaseUntilMs'>,
    /** Not before this moment of real time, seconds ahead at most. */
    atMs: number,
  ): Promise<{ row: Message; answer: SendResult } | { notBefore: Date } | null>;
  /** True while this chat has never written to us. */
  isCold(at: { readonly channel: ChannelName; readonly to: string }): Promise<boolean>;
  /** Asks for every attempt without an outcome; `absent` only if none of them left. */
  ask(row: Message): Promise<Found>;
}

/** The only place that calls a channel. The attempt is written before the call, so that a crash in between can be asked after. */
export function createHandOver(deps: DeliveryDeps, records: Records): HandOver {
  const { channels, clock, wall, log } = deps;

  /** Read before the attempt is written: a store that fails here has sent nothing. */
  const enclose = async (row: Message, at: { channel: ChannelName; to: string }): Promise<Enclosed> => ({
    ...(await deps.enclosures(row)),
    lastInboundAt: await lastInbound(at),
  });

  const lastInbound = async ({ channel, to }: { channel: ChannelName; to: string }): Promise<Date | null> => {
    const known = await deps.identities.at({ channel, address: to });
    const lastMs = Math.max(0, ...known.map(({ lastInboundAt }) => lastInboundAt?.getTime() ?? 0));
    if (lastMs > 0) return new Date(lastMs);
    // Somebody whom the clinic does not know may have written all the same.
    const [newest] = await deps.inbound.newestOfChat({ channel, address: to }, 1);
    return newest?.at ?? null;
  };

  const call = async (row: Message, draft: Draft, enclosed: Enclosed): Promise<SendResult> => {
    const channel = channels.get(draft.channel);
    if (channel === undefined) return NOT_CONNECTED;
    const { attemptId, to, text, content } = draft;
    try {
      const answer = channel.send({ attemptId, messageId: row.id, to, text, content, kind: row.kind, ...enclosed });
      const result = await within(ANSWER_MS, answer, NO_ANSWER);
      if (result.kind === 'refused' && result.closes === true)
        await deps.identities.close({ channel: draft.channel, address: to }, clock.now());
      return result;
    } catch (error) {
      log.error('channel.threw', { message: row.id, channel: draft.channel, error });
      return NO_ANSWER;
    }
  };

  const find = async (channelName: Draft['channel'], attemptId: string): Promise<FindResult> => {
    const channel = channels.get(channelName);
    if (channel === undefined) return { kind: 'silent' };
    try {
      return await within<FindResult>(ANSWER_MS, channel.find(attemptId), { kind: 'silent' });
    } catch (error) {
      log.error('channel.threw', { attempt: attemptId, channel: channelName, error });
      return { kind: 'silent' };
    }
  };

  return {
    isCold: async (at) => (await lastInbound(at)) === null,
    async send(claimed, what, atMs) {
      const enclosed = await enclose(claimed, what);
      // Waited for before the attempt is on record: a crash in the wait leaves nothing that may have left.
      const earlyMs = atMs - wall.nowMs();
      if (earlyMs > 0) await deps.pause(earlyMs);
      const departure = await deps.pacing.leaving(what.channel, claimed.kind !== 'scenario');
      if ('notBefore' in departure) return departure;
      // Its time may have ended while it waited for its place.
      if (what.latestAt !== null && clock.now() >= what.latestAt) {
        departure.unused();
        return { notBefore: what.latestAt };
      }
      let left = false;
      let taken = false;
      try {
        const draft = { ...what, attemptId: deps.newId(), leaseUntilMs: wall.nowMs() + LEASE_MS };
        const row = await records.own(claimed, (current) => toSending(current, draft, clock.now()));
        // A process that slept through its lease since that write must not send: the attempt is being asked for by now.
        if (row === null || wall.nowMs() >= row.leaseUntilMs) return null;
        deps.crash?.('send:before');
        left = true;
        const answer = await call(row, draft, enclosed);
        taken = answer.kind === 'sent';
        deps.crash?.('send:after-response');
        return { row, answer };
      } finally {
        if (left) departure.arrived(taken);
        else departure.unused();
      }
    },
    async ask(row) {
      let silent = false;
      for (const { id, channel } of openAttempts(row)) {
        const found = await find(channel, id);
        if (found.kind === 'sent')
          return { kind: 'sent', attemptId: id, providerId: found.providerId, delivered: found.delivered ?? false };
        silent ||= found.kind === 'silent';
      }
      return { kind: silent ? 'silent' : 'absent' };
    },
  };
}
