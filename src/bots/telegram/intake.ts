import type { ChannelEvents } from '../../core/channel.ts';
import type { Clock } from '../../core/clock.ts';
import type { InboundBody } from '../../core/inbound.ts';
import type { Log } from '../../core/log.ts';
import { createLanes } from '../lanes.ts';
import type { Taps } from '../taps.ts';
import type { Moves } from './moves.ts';
import { type ParsedUpdate, type Place, parseUpdate } from './parse.ts';
import type { Topics } from './topics.ts';

/** Takes updates in, whichever way they came. */
export interface Intake {
  /**
   * Resolves when the update is durable or of no use to us. `store` runs the step that may fail, and may repeat it; by default it
   * runs once and the failure rejects. Chats side by side, within a chat one after the other.
   */
  take(update: unknown, store?: (step: () => Promise<void>) => Promise<void>): Promise<void>;
}

interface IntakeDeps {
  /** The bot's id, which stands in its token. */
  readonly bot: string;
  readonly events: ChannelEvents;
  readonly taps: Taps;
  readonly topics: Topics;
  readonly moves: Moves;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the waiting of a button; nobody waits for it, and its failures are nobody's business. */
  readonly answerTap: (query: string) => void;
  /** A contact was shared: the keyboard that asked for it has served. */
  readonly contactShared: (chat: string) => void;
}

/** A tap is answered before anything else is looked at, for Telegram lets its button spin until then. */
export function createIntake(deps: IntakeDeps): Intake {
  const { events, taps, topics, moves, clock, log } = deps;
  const lanes = createLanes();

  /** In a group only what belongs to a conversation of ours is heard: its topic, or an answer to what we wrote. */
  const addressOf = async ({ chat, group, thread }: Place, ours: string | null): Promise<string | null> => {
    if (!group) return chat;
    const topic = thread === null ? null : await topics.addressOf(chat, thread);
    return topic ?? (ours === null ? null : taps.addressOf('telegram', ours));
  };

  const bodyOf = async (
    update: Extract<ParsedUpdate, { kind: 'message' | 'tap' }>,
    address: string,
  ): Promise<InboundBody> => {
    if (update.kind === 'tap') return taps.read(update.data, { channel: 'telegram', address });
    const { body, repliesTo } = update;
    if (body.kind !== 'text' || repliesTo === null) return body;
    const quote = await taps.messageOf('telegram', repliesTo);
    return quote === null ? body : { ...body, quote };
  };

  const hear = async (update: Extract<ParsedUpdate, { kind: 'message' | 'tap' }>): Promise<void> => {
    const { id, place, sender } = update;
    const address = await addressOf(place, update.kind === 'tap' ? update.on : update.repliesTo);
    if (address === null) return log.debug('telegram.ignored', { why: 'otherTalk' });
    const body = await bodyOf(update, address);
    if (body.kind === 'contact') deps.contactShared(address);
    const from = { channel: 'telegram', address } as const;
    await events.received({ id, from, at: clock.now(), body, ...(place.group && { sender }) });
  };

  return {
    async take(value, store = (step) => step()) {
      const update = parseUpdate(value, deps.bot);
      switch (update.kind) {
        case 'ignored':
          if (update.query !== undefined) deps.answerTap(update.query);
          log.debug('telegram.ignored', { why: update.why });
          return;
        case 'closed': {
          const { chat: address, atMs } = update;
          const at = atMs === null ? undefined : new Date(atMs);
          return lanes.run(address, () => store(() => events.closed({ channel: 'telegram', address }, at)));
        }
        case 'moved':
          return lanes.run(update.from, () => store(() => moves.moved(update.from, update.to)));
        case 'tap':
          deps.answerTap(update.query);
          return lanes.run(update.place.chat, () => store(() => hear(update)));
        case 'message':
          return lanes.run(update.place.chat, () => store(() => hear(update)));
        default:
          update satisfies never;
      }
    },
  };
}
