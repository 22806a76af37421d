import { type ChatAddress, chatKey } from '../core/address.ts';
import type { Clock } from '../core/clock.ts';
import { isPassing } from '../core/errors.ts';
import type { InboundMessage, InboundStore, Receive } from '../core/inbound.ts';
import type { Log } from '../core/log.ts';
import type { Metrics } from '../core/metrics.ts';
import { cleanInbound } from './inbound/clean-inbound.ts';
import type { Spool } from './inbound/spool.ts';
import { createLanes } from './lanes.ts';

/** Tries of one run of the service; a message that fails them all stays stored as unhandled for the next start. */
const TRIES = 3;
const PAUSES_MS = [200, 1000];
const AWAY_PAUSE_MS = 1_000;

export interface Inbound {
  /** Resolves when the message is durable; a repeat is dropped. Handling follows, in the order of the calls of one chat. */
  received(message: InboundMessage): Promise<void>;
  /** Goes on with what an earlier run stored and did not handle; call it before the channels start. */
  recover(): Promise<void>;
  /** Resolves when nothing of this chat is left to handle. */
  idle(address: ChatAddress): Promise<void>;
  allIdle(): Promise<void>;
  /** Stores what was kept on disk while the database was away; cheap when nothing was. Call it every second. */
  drainSpool(): Promise<void>;
  /** Looks after what lies on disk beside that: of services that are no more, and long ago. Call it every minute. */
  tendSpool(): Promise<void>;
  /** These chats are about to be erased: what they said is on no disk any more when it resolves. Rejects while the database is away. */
  forgetChats(chats: readonly ChatAddress[]): Promise<void>;
  /** What waits for a database that is away is left stored, for the next start. */
  stop(): void;
}

/** Stored, then handled: in strict order within a chat, side by side across chats (spec: conversations.md, "The chat is ordered"). */
export function createInbound(deps: {
  inbound: InboundStore;
  /** Where messages go while the database is away; null: they are refused, and the platform brings them again. */
  spool: Spool | null;
  handle: Receive;
  clock: Clock;
  /** Waits between two tries, in real milliseconds. */
  pause: (ms: number) => Promise<void>;
  log: Log;
  metrics: Pick<Metrics, 'received'>;
  crash?: (point: string) => void;
}): Inbound {
  const { inbound, clock, log } = deps;
  const storing = createLanes();
  const handling = createLanes();
  /** Messages of which nobody knows whether they were stored; each comes again, from the spool or the platform. */
  const doubtful = new Set<string>();

  let stopped = false;
  let draining: Promise<void> | null = null;

  const handle = async (message: InboundMessage): Promise<void> => {
    let tried = 0;
    while (tried < TRIES) {
      try {
        await deps.handle(message);
        deps.crash?.('handle:after');
        await inbound.markHandled(message, clock.now());
        return;
      } catch (error) {
        // No fault of this message: it waits, and its chat with it, until the database is back.
        if (isPassing(error) && !stopped) {
          log.warn('inbound.waiting', { inbound: message.id, error });
          await deps.pause(AWAY_PAUSE_MS);
          continue;
        }
        if (isPassing(error)) return;
        tried += 1;
        const fields = { inbound: message.id, channel: message.from.channel, tried, error };
        if (tried < TRIES) log.warn('inbound.failed', fields);
        else log.error('inbound.givenUp', fields);
        await inbound.markFailed(message).catch((failure: unknown) => log.warn('inbound.unmarked', { error: failure }));
        const pauseMs = PAUSES_MS[tried - 1];
        if (pauseMs !== undefined) await deps.pause(pauseMs);
      }
    }
  };
  const queue = (message: InboundMessage): Promise<void> => handling.run(chatKey(message.from), () => handle(message));

  /** True when it is to be handled: it is new, or its first write took effect although its answer was lost. */
  const store = async (message: InboundMessage): Promise<boolean> => {
    const key = `${message.from.channel}:${message.id}`;
    try {
      const isNew = await inbound.store(message);
      return doubtful.delete(key) || isNew;
    } catch (error) {
      if (isPassing(error)) doubtful.add(key);
      throw error;
    }
  };

  const keep = async (message: InboundMessage): Promise<void> => {
    if (!(await store(message))) return;
    deps.crash?.('store:after');
    deps.metrics.received({ channel: message.from.channel, kind: message.body.kind });
    void queue(message);
  };

  const idle = async (address: ChatAddress): Promise<void> => {
    await storing.idle(chatKey(address));
    await handling.idle(chatKey(address));
  };

  const drainNow = async (spool: Spool): Promise<void> =>
    spool.drain(async (message) => {
      try {
        await keep(message);
      } catch (error) {
        if (isPassing(error)) throw error;
        log.error('spool.refused', { inbound: message.id, error });
        await spool.putAside(message);
      }
    });
  /** One at a time; who comes in the middle waits for the same. */
  const drain = (): Promise<void> => {
    if (deps.spool === null || deps.spool.isEmpty()) return Promise.resolve();
    draining ??= drainNow(deps.spool).finally(() => {
      draining = null;
    });
    return draining;
  };

  return {
    async received(message) {
      const clean = cleanInbound(message);
      await storing.run(chatKey(clean.from), async () => {
        try {
          if (deps.spool === null || deps.spool.isEmpty()) return await keep(clean);
        } catch (error) {
          if (deps.spool === null || !isPassing(error)) throw error;
        }
        await deps.spool.put(clean);
      });
    },
    async recover() {
      const left = await inbound.unhandled();
      if (left.length > 0) log.info('inbound.recovered', { count: left.length });
      await Promise.all(left.map(queue));
    },
    async drainSpool() {
      await deps.spool?.beat();
      try {
        await drain();
      } catch (error) {
        if (!isPassing(error)) log.error('spool.unread', { error });
      }
    },
    async tendSpool() {
      await deps.spool?.tend().catch((error: unknown) => log.error('spool.untended', { error }));
    },
    async forgetChats(chats) {
      await drain();
      for (const chat of chats) await idle(chat);
      await deps.spool?.forget(chats);
    },
    stop() {
      stopped = true;
    },
    idle,
    async allIdle() {
      await storing.allIdle();
      await handling.allIdle();
    },
  };
}
