import type { ChatAddress } from '../../core/address.ts';
import type { ChannelEvents } from '../../core/channel.ts';
import { DAY_MS, MINUTE_MS } from '../../core/clock.ts';
import type { InboundBody } from '../../core/inbound.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import { createLanes } from '../lanes.ts';
import { type Parsed, parseMessage, parseVote } from './parse.ts';
import type { People } from './people.ts';
import type { Phone } from './phone.ts';

/** What patients write, from the page to `events.received`, in the order of each chat. */
export interface Inbox {
  message(raw: unknown): void;
  vote(raw: unknown): void;
  /** The page has come up: something may have been written while nobody listened. */
  opened(): void;
  /**
   * Takes what may be missing, at most 7 days of it (a repeat is dropped further on by its id), and keeps the moment up to which
   * nothing is. Call it now and then while the page is ready.
   */
  tend(phone: Phone): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

const OLDEST_MS = 7 * DAY_MS;
/** The phone's clock and ours differ, and a message may be on its way while we mark. */
const OVERLAP_MS = 10 * MINUTE_MS;
const TRIES = 3;
const PAUSE_MS = 1_000;

/** `sessionId` names the linked device; `events` is asked at each message, for the channel may be started again. */
export function createInbox({
  deps,
  people,
  sessionId,
  events,
}: {
  deps: ChannelDeps;
  people: People;
  sessionId: string;
  events: () => ChannelEvents | null;
}): Inbox {
  const { clock, wall, memory, log, taps } = deps;
  const lanes = createLanes();
  const tending = createLanes();
  const key = `upTo.${sessionId}`;
  /** The mark stays where it is until a sweep has got what could not be had or made durable. */
  let missing = true;

  /** The platform's moment on our clock: the demo's clock stands elsewhere. */
  const onOurClock = (at: Date): Date => new Date(at.getTime() - wall.nowMs() + clock.now().getTime());

  const hand = (
    sender: string,
    told: { id: string; at: Date },
    bodyOf: (from: ChatAddress) => Promise<InboundBody | null>,
  ) =>
    lanes.run(sender, async () => {
      for (let tried = 1; ; tried += 1) {
        try {
          const from: ChatAddress = { channel: 'whatsapp', address: await people.addressOf(sender) };
          const body = await bodyOf(from);
          if (body !== null) await events()?.received({ id: told.id, from, at: onOurClock(told.at), body });
          return;
        } catch (error) {
          log.warn('whatsappWeb.notReceived', { tried, error: error instanceof Error ? error.name : typeof error });
          if (tried === TRIES) {
            missing = true;
            return;
          }
          await deps.pause(PAUSE_MS * tried);
        }
      }
    });

  const said = (message: Extract<Parsed, { kind: 'said' }>): Promise<void> =>
    hand(message.sender, message, async () => {
      if (message.body.kind !== 'text' || message.quoted === undefined) return message.body;
      const quote = await taps.messageOf('whatsapp', message.quoted);
      return quote === null ? message.body : { ...message.body, quote };
    });

  const take = (raw: unknown): Promise<void> => {
    const parsed = parseMessage(raw);
    if (parsed.kind === 'said') return said(parsed);
    log.debug('whatsappWeb.ignored', { why: parsed.why });
    return Promise.resolve();
  };

  const sweep = async (phone: Phone): Promise<void> => {
    const upTo = await memory.get('whatsapp', key);
    const nowMs = wall.nowMs();
    // A device that was never up before has no past with us: what patients wrote to the clinic's people stays theirs.
    const sinceMs = upTo === null ? nowMs : Math.max(Number(upTo) - OVERLAP_MS, nowMs - OLDEST_MS);
    const found = await phone.unread(Math.floor(sinceMs / 1000));
    missing = false;
    await Promise.all(found.map(take));
    if (found.length > 0) log.info('whatsappWeb.swept', { count: found.length });
  };

  return {
    message: (raw) => void take(raw),
    vote(raw) {
      const vote = parseVote(raw);
      if (vote.kind === 'voted') void hand(vote.sender, vote, () => taps.titled('whatsapp', vote.poll, vote.title));
      else log.debug('whatsappWeb.ignored', { why: vote.why });
    },
    opened() {
      missing = true;
    },
    tend: (phone) =>
      tending.run('all', async () => {
        if (missing) await sweep(phone);
        if (!missing) await memory.set('whatsapp', key, String(wall.nowMs()));
      }),
    idle: lanes.allIdle,
  };
}
