import type { FindResult, OutgoingMessage, Receipt, SendResult } from '../../core/channel.ts';
import { type Clock, MINUTE_MS } from '../../core/clock.ts';
import { createAcks } from './acks.ts';
import type { Attempts } from './attempts.ts';
import { LATE, type Within } from './deadline.ts';
import type { People } from './people.ts';
import type { Phone } from './phone.ts';
import { type PageContent, renderWhatsappWeb } from './render.ts';
import type { Restrictions } from './restrictions.ts';

/** What leaves for patients and what WhatsApp says of it. */
export interface Outbound {
  send(message: OutgoingMessage): Promise<SendResult>;
  find(attemptId: string): Promise<FindResult>;
  /** WhatsApp's word on a message of ours; repeats and words behind a higher one are dropped. */
  ack(id: string, ack: number): void;
}

export interface OutboundParts {
  readonly clock: Clock;
  readonly within: Within;
  readonly people: People;
  readonly restrictions: Restrictions;
  /** Choices that fit are a poll. */
  readonly polls: boolean;
  /** Null while nothing can be remembered, and so nothing be sent. */
  readonly attempts: () => Attempts | null;
  readonly phone: () => Phone | null;
  readonly receipt: (receipt: Receipt) => Promise<void>;
  /** Something beside the message failed. */
  readonly fault: (stage: string, error: unknown) => void;
}

/** Together with the question for the number below the time that delivery waits for an answer. */
const CALL_MS = 12_000;
const ACK_MS = 20_000;
const MOST_LATE = 1_000;

const NOT_CONNECTED: SendResult = { kind: 'retry', afterMs: 30_000, reason: 'notConnected' };
const UNKNOWN: SendResult = { kind: 'unknown', askAfterMs: MINUTE_MS };

interface Late {
  readonly attemptId: string;
  readonly cold: boolean;
}

/** The library's `sendMessage` resolves for what failed, too: only an ack of WhatsApp makes a message `sent`. */
export function createOutbound(parts: OutboundParts): Outbound {
  const { within, people, restrictions, fault } = parts;
  const acks = createAcks();
  /** Attempts whose answer was not waited for any longer, by the message's id. */
  const late = new Map<string, Late>();

  const tell = (id: string, ack: number): void => {
    const attempt = late.get(id);
    // What WhatsApp says first is the answer of `send`, which waits for it.
    if (ack < 2 && attempt === undefined) return;
    const at = parts.clock.now();
    const told = { channel: 'whatsapp', providerId: id, at, ...(attempt && { attemptId: attempt.attemptId }) } as const;
    const news: Receipt =
      ack < 0
        ? { ...told, status: 'failed', reason: 'rejected' }
        : { ...told, status: ack === 1 ? 'sent' : ack === 2 ? 'delivered' : 'read' };
    parts.receipt(news).catch((error: unknown) => fault('receipt', error));
    if (attempt === undefined) return;
    late.delete(id);
    if (ack < 0) restrictions.refused(attempt.cold).catch((error: unknown) => fault('restriction', error));
    else
      parts
        .attempts()
        ?.taken(attempt.attemptId)
        .catch((error: unknown) => fault('attempt', error));
  };

  const awaitLate = (id: string, attempt: Late): void => {
    late.set(id, attempt);
    const oldest = late.keys().next();
    if (late.size > MOST_LATE && !oldest.done) late.delete(oldest.value);
    const ack = acks.of(id);
    if (ack !== null) tell(id, ack);
  };

  /** From here on something may have left: whatever is not an answer is unknown. */
  const call = async (
    phone: Phone,
    attempts: Attempts,
    { chat, content, attempt }: { chat: string; content: PageContent; attempt: Late },
  ): Promise<SendResult> => {
    const { attemptId, cold } = attempt;
    const handed = phone.send(chat, content).then(
      async (id) => {
        if (id !== null) await attempts.handed(attemptId, id).catch((error: unknown) => fault('attempt', error));
        return id;
      },
      (error: unknown) => {
        fault('send', error);
        return null;
      },
    );
    const id = await within(CALL_MS, handed);
    if (id === LATE) void handed.then((after) => after !== null && awaitLate(after, attempt));
    if (id === LATE || id === null) return UNKNOWN;
    const ack = await within(ACK_MS, acks.first(id));
    if (ack === LATE) {
      awaitLate(id, attempt);
      return UNKNOWN;
    }
    if (ack < 0) {
      await restrictions.refused(cold).catch((error: unknown) => fault('restriction', error));
      return { kind: 'refused', reason: cold ? 'coldLimited' : 'rejected' };
    }
    restrictions.taken();
    await attempts.taken(attemptId).catch((error: unknown) => fault('attempt', error));
    return { kind: 'sent', providerId: id, delivered: ack >= 2 };
  };

  return {
    async send({ attemptId, to, text, lastInboundAt }) {
      const [phone, attempts] = [parts.phone(), parts.attempts()];
      if (phone === null || attempts === null) return NOT_CONNECTED;
      const heldMs = restrictions.allForMs();
      if (heldMs > 0) return { kind: 'retry', afterMs: heldMs, reason: 'rateLimited' };
      const cold = lastInboundAt === null;
      if (cold && restrictions.coldForMs() > 0) return { kind: 'refused', reason: 'coldLimited' };
      let chat: string | null;
      try {
        chat = await people.chatOf(to);
        if (chat === null) return { kind: 'refused', reason: 'notOnWhatsapp', closes: true };
        await attempts.called(attemptId);
      } catch (error) {
        fault('prepare', error);
        return NOT_CONNECTED;
      }
      if (!phone.usable() || parts.phone() !== phone) {
        await attempts.dropped(attemptId).catch((error: unknown) => fault('attempt', error));
        return NOT_CONNECTED;
      }
      const content = renderWhatsappWeb(text, { polls: parts.polls });
      return call(phone, attempts, { chat, content, attempt: { attemptId, cold } });
    },
    async find(attemptId) {
      const known = await parts.attempts()?.of(attemptId);
      if (known === null) return { kind: 'absent' };
      if (known === undefined || known === 'forgotten' || known.stage === 'called') return { kind: 'silent' };
      const asked = acks.of(known.id) === null ? parts.phone()?.ackOf(known.id) : undefined;
      const ack = acks.of(known.id) ?? (await asked?.catch(() => null)) ?? 0;
      if (known.stage === 'handed' && ack < 1) return { kind: 'silent' };
      return { kind: 'sent', providerId: known.id, delivered: ack >= 2 };
    },
    ack(id, ack) {
      if (acks.take(id, ack)) tell(id, ack);
    },
  };
}
