import type { Channel, ChannelAbilities, ChannelEvents, ChannelPace } from '../../core/channel.ts';
import type { WhatsappWebSettings } from '../../core/channel-settings.ts';
import { HOUR_MS, MINUTE_MS } from '../../core/clock.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import { type Attempts, createAttempts } from './attempts.ts';
import { createWithin, LATE } from './deadline.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createLinkedSession } from './linked-session.ts';
import { createOutbound } from './outbound.ts';
import { createPeople } from './people.ts';
import type { Phone } from './phone.ts';
import { createProfile } from './profile.ts';
import { createRestrictions } from './restrictions.ts';

const CAN: ChannelAbilities = { buttons: 0, list: 0, freeFormWindowHours: null, receipts: 'read' };
const COLD_PER_DAY = 20;
/** No published limit: what accounts survived (background/field.md C1). Replies are not bound by it. */
const PACE: ChannelPace = { perSecond: 0.2, perChatMs: 0, betweenMs: [4_000, 12_000], coldPerDay: COLD_PER_DAY };
/** For the first hour of a device that was just linked: a burst then is what numbers are blocked for. */
const FRESH_PACE: ChannelPace = {
  perSecond: 0.05,
  perChatMs: 0,
  betweenMs: [15_000, 45_000],
  coldPerDay: COLD_PER_DAY,
};
const FRESH_MS = HOUR_MS;
const NUMBER_MS = 10_000;
const LAST_CALLS_MS = 5_000;

/** WhatsApp by whatsapp-web.js: a linked device in a browser of our own. Nothing is started. */
export function createWhatsappWeb(settings: WhatsappWebSettings, deps: ChannelDeps): { readonly channel: Channel } {
  const { clock, wall, memory, log } = deps;
  const restrictions = createRestrictions({ memory, wall });
  const profile = createProfile(settings.sessionDir, deps);
  const inFlight = new Set<Promise<unknown>>();
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

  const fault = (stage: string, error: unknown): void =>
    log.warn('whatsappWeb.fault', { stage, error: error instanceof Error ? error.name : typeof error });

  const outbound = createOutbound({
    clock,
    within,
    people,
    restrictions,
    polls: settings.polls,
    attempts: () => parts?.attempts ?? null,
    phone: () => session.phone(),
    receipt: async (receipt) => events?.receipt(receipt),
    fault,
  });
  const session = createLinkedSession(settings, {
    deps,
    profile,
    listener: {
      message: (raw) => parts?.inbox.message(raw),
      vote: (raw) => parts?.inbox.vote(raw),
      ack: outbound.ack,
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
      const sending = outbound.send(message);
      inFlight.add(sending);
      return sending.finally(() => inFlight.delete(sending));
    },
    find: outbound.find,
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
