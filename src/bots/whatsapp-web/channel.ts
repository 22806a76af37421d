import type {
  Channel,
  ChannelAbilities,
  ChannelEvents,
  ChannelPace,
  OutgoingMessage,
  Receipt,
  SendResult,
} from '../../core/channel.ts';
import type { WhatsappWebSettings } from '../../core/channel-settings.ts';
import { HOUR_MS, MINUTE_MS } from '../../core/clock.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import { createAcks } from './acks.ts';
import { type Attempts, createAttempts } from './attempts.ts';
import { createWithin, LATE } from './deadline.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createLinkedSession } from './linked-session.ts';
import { createPeople } from './people.ts';
import type { Phone } from './phone.ts';
import { createProfile } from './profile.ts';
import { renderWhatsappWeb } from './render.ts';
import { createRestrictions } from './restrictions.ts';

const CAN: ChannelAbilities = { buttons: 0, list: 0, freeFormWindowHours: null, receipts: 'read' };
/** No published limit: what accounts survived (background/field.md C1). Replies are not bound by it. */
const PACE: ChannelPace = { perSecond: 0.2, perChatMs: 0, betweenMs: [4_000, 12_000], coldPerDay: 20 };
/** For the first hour of a device that was just linked: a burst then is what numbers are blocked for. */
const FRESH_PACE: ChannelPace = { perSecond: 0.05, perChatMs: 0, betweenMs: [15_000, 45_000], coldPerDay: 20 };
const FRESH_MS = HOUR_MS;
/** Together below the time that delivery waits for an answer. */
const NUMBER_MS = 10_000;
const CALL_MS = 12_000;
const ACK_MS = 20_000;
const ASK_AFTER_MS = MINUTE_MS;
const LAST_CALLS_MS = 5_000;
const MOST_LATE = 1_000;

const NOT_CONNECTED: SendResult = { kind: 'retry', afterMs: 30_000, reason: 'notConnected' };
const UNKNOWN: SendResult = { kind: 'unknown', askAfterMs: ASK_AFTER_MS };

/** `polls`: choices that fit are a poll instead of numbered lines. */
export interface WhatsappWebOptions {
  readonly polls?: boolean;
}

/** WhatsApp by whatsapp-web.js: a linked device in a browser of our own. Nothing is started. */
export function createWhatsappWeb(
  settings: WhatsappWebSettings,
  deps: ChannelDeps,
  { polls = false }: WhatsappWebOptions = {},
): { readonly channel: Channel } {
  const { clock, wall, memory, log } = deps;
  const acks = createAcks();
  const restrictions = createRestrictions({ memory, wall });
  const profile = createProfile(settings.sessionDir, deps);
  const inFlight = new Set<Promise<unknown>>();
  /** Attempts whose answer was not waited for any longer, by the message's id. */
  const late = new Map<string, { readonly attemptId: string; readonly cold: boolean }>();
  let events: ChannelEvents | null = null;
  let parts: { readonly attempts: Attempts; readonly inbox: Inbox; readonly sessionId: string } | null = null;
  let linkedAtMs: number | null = null;
  let stopTending: (() => void) | null = null;

  const within = createWithin(deps);
  const phoneNow = (): Phone => {
    const phone = session.phone();
    if (phone === null) throw new Error('WhatsApp is not connected.');
    return phone;
  };
  const people = createPeople({
    memory,
    wall,
    directory: {
      numberId: async (digits) => answered(within(NUMBER_MS, phoneNow().numberId(digits))),
      phoneOf: async (lid) => answered(within(NUMBER_MS, phoneNow().phoneOf(lid))),
    },
  });

  const receipt = (id: string, ack: number): void => {
    const attempt = late.get(id);
    if (ack < 2 && attempt === undefined) return;
    const told = {
      channel: 'whatsapp',
      providerId: id,
      at: clock.now(),
      ...(attempt && { attemptId: attempt.attemptId }),
    } as const;
    const news: Receipt =
      ack < 0
        ? { ...told, status: 'failed', reason: 'rejected' }
        : { ...told, status: ack === 1 ? 'sent' : ack === 2 ? 'delivered' : 'read' };
    events?.receipt(news).catch((error: unknown) => fault('receipt', error));
    if (attempt === undefined) return;
    late.delete(id);
    if (ack < 0) restrictions.refused(attempt.cold).catch((error: unknown) => fault('restriction', error));
    else parts?.attempts.taken(attempt.attemptId).catch((error: unknown) => fault('attempt', error));
  };
  const fault = (stage: string, error: unknown): void =>
    log.warn('whatsappWeb.fault', { stage, error: error instanceof Error ? error.name : typeof error });

  const session = createLinkedSession(settings, {
    deps,
    profile,
    listener: {
      message: (raw) => parts?.inbox.message(raw),
      vote: (raw) => parts?.inbox.vote(raw),
      ack(id, ack) {
        if (acks.take(id, ack)) receipt(id, ack);
      },
      ready: (phone, linked) => void becameReady(phone, linked).catch((error: unknown) => fault('sweep', error)),
    },
  });

  const becameReady = async (phone: Phone, linked: boolean): Promise<void> => {
    // At the start the store may have been away.
    parts ??= await prepare();
    if (linked) {
      linkedAtMs = wall.nowMs();
      await memory.set('whatsapp', `linkedAt.${parts.sessionId}`, String(linkedAtMs));
    }
    parts.inbox.opened();
    await parts.inbox.tend(phone);
  };
  const tend = async (): Promise<void> => {
    const phone = session.phone();
    if (phone !== null) await parts?.inbox.tend(phone).catch((error: unknown) => fault('sweep', error));
  };

  const prepare = async (): Promise<NonNullable<typeof parts>> => {
    const sessionId = await profile.id(deps.newId);
    await restrictions.load();
    const linkedAt = await memory.get('whatsapp', `linkedAt.${sessionId}`);
    linkedAtMs = linkedAt === null ? null : Number(linkedAt);
    return {
      sessionId,
      attempts: createAttempts({ memory, sessionId }),
      inbox: createInbox({ deps, people, sessionId, events: () => events }),
    };
  };

  const send = async ({ attemptId, to, text, lastInboundAt }: OutgoingMessage): Promise<SendResult> => {
    const phone = session.phone();
    if (phone === null || parts === null) return NOT_CONNECTED;
    const heldMs = restrictions.allForMs();
    if (heldMs > 0) return { kind: 'retry', afterMs: heldMs, reason: 'rateLimited' };
    const cold = lastInboundAt === null;
    if (cold && restrictions.coldForMs() > 0) return { kind: 'refused', reason: 'coldLimited' };
    const { attempts } = parts;
    let chat: string | null;
    try {
      chat = await people.chatOf(to);
      if (chat === null) return { kind: 'refused', reason: 'notOnWhatsapp', closes: true };
      await attempts.called(attemptId);
    } catch (error) {
      fault('prepare', error);
      return NOT_CONNECTED;
    }
    if (!phone.usable() || session.phone() !== phone) {
      await attempts.dropped(attemptId).catch((error: unknown) => fault('attempt', error));
      return NOT_CONNECTED;
    }
    return call(phone, { attempts, attemptId, chat, content: renderWhatsappWeb(text, { polls }), cold });
  };

  /** From here on something may have left: whatever is not an answer is unknown. */
  const call = async (
    phone: Phone,
    what: { attempts: Attempts; attemptId: string; chat: string; content: Parameters<Phone['send']>[1]; cold: boolean },
  ): Promise<SendResult> => {
    const { attempts, attemptId, cold } = what;
    const handed = phone.send(what.chat, what.content).then(async (id) => {
      if (id === null) return null;
      await attempts.handed(attemptId, id).catch((error: unknown) => fault('attempt', error));
      return id;
    });
    const settled = handed.catch((error: unknown) => {
      fault('send', error);
      return null;
    });
    const id = await within(CALL_MS, settled);
    if (id === LATE)
      handed.then((after) => after !== null && remember(after, { attemptId, cold })).catch(() => undefined);
    if (id === LATE || id === null) return UNKNOWN;
    const ack = await within(ACK_MS, acks.first(id));
    if (ack === LATE) {
      remember(id, { attemptId, cold });
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
  const remember = (id: string, attempt: { readonly attemptId: string; readonly cold: boolean }): void => {
    const ack = acks.of(id);
    late.set(id, attempt);
    const oldest = late.keys().next();
    if (late.size > MOST_LATE && !oldest.done) late.delete(oldest.value);
    if (ack !== null) receipt(id, ack);
  };

  const channel: Channel = {
    name: 'whatsapp',
    can: CAN,
    get pace() {
      if (settings.pace !== undefined) return settings.pace;
      return linkedAtMs !== null && wall.nowMs() - linkedAtMs < FRESH_MS ? FRESH_PACE : PACE;
    },
    async start(to) {
      events = to;
      try {
        parts ??= await prepare();
      } catch (error) {
        fault('start', error);
      }
      stopTending ??= deps.every(MINUTE_MS, () => void tend());
      session.start();
    },
    async stop() {
      await within(LAST_CALLS_MS, Promise.allSettled([...inFlight]));
      stopTending?.();
      stopTending = null;
      await within(LAST_CALLS_MS, tend());
      await session.stop();
      await parts?.inbox.idle();
    },
    async send(message) {
      const sending = send(message);
      inFlight.add(sending);
      return sending.finally(() => inFlight.delete(sending));
    },
    async find(attemptId) {
      if (parts === null) return { kind: 'silent' };
      const known = await parts.attempts.of(attemptId);
      if (known === null) return { kind: 'absent' };
      if (known === 'forgotten' || known.stage === 'called') return { kind: 'silent' };
      const ack =
        acks.of(known.id) ??
        (await session
          .phone()
          ?.ackOf(known.id)
          .catch(() => null)) ??
        0;
      if (known.stage === 'handed' && ack < 1) return { kind: 'silent' };
      return { kind: 'sent', providerId: known.id, delivered: ack >= 2 };
    },
    health() {
      const said = session.health();
      const leftMs = restrictions.allForMs();
      if (said.state !== 'up') return said;
      if (leftMs > 0)
        return {
          ...said,
          state: 'limited',
          limitedUntil: new Date(clock.now().getTime() + leftMs),
          detail: 'rejected',
        };
      return restrictions.coldForMs() > 0 ? { ...said, detail: 'coldLimited' } : said;
    },
  };
  return { channel };
}

async function answered<T>(asked: Promise<T | typeof LATE>): Promise<T> {
  const answer = await asked;
  if (answer === LATE) throw new Error('WhatsApp did not answer.');
  return answer;
}
