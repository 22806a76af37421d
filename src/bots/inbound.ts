import { type ChatAddress, chatKey } from '../core/address.ts';
import type { Clock } from '../core/clock.ts';
import type { InboundMessage, InboundStore, Receive } from '../core/inbound.ts';
import type { Log } from '../core/log.ts';
import type { Metrics } from '../core/metrics.ts';
import { cleanInbound } from './clean-inbound.ts';
import { createLanes } from './lanes.ts';

/** Tries of one run of the service; a message that fails them all stays stored as unhandled for the next start. */
const TRIES = 3;
const PAUSES_MS = [200, 1000];

export interface Inbound {
  /** Resolves when the message is durable; a repeat is dropped. Handling follows, in the order of the calls of one chat. */
  received(message: InboundMessage): Promise<void>;
  /** Goes on with what an earlier run stored and did not handle; call it before the channels start. */
  recover(): Promise<void>;
  /** Resolves when nothing of this chat is left to handle. */
  idle(address: ChatAddress): Promise<void>;
  allIdle(): Promise<void>;
}

/** Stored, then handled: in strict order within a chat, side by side across chats (spec: conversations.md, "The chat is ordered"). */
export function createInbound(deps: {
  inbound: InboundStore;
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

  const handle = async (message: InboundMessage): Promise<void> => {
    for (let tried = 1; tried <= TRIES; tried += 1) {
      try {
        await deps.handle(message);
        deps.crash?.('handle:after');
        await inbound.markHandled(message, clock.now());
        return;
      } catch (error) {
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

  const idle = async (address: ChatAddress): Promise<void> => {
    await storing.idle(chatKey(address));
    await handling.idle(chatKey(address));
  };

  return {
    async received(message) {
      const clean = cleanInbound(message);
      await storing.run(chatKey(clean.from), async () => {
        if (!(await inbound.store(clean))) return;
        deps.crash?.('store:after');
        deps.metrics.received({ channel: clean.from.channel, kind: clean.body.kind });
        void queue(clean);
      });
    },
    async recover() {
      const left = await inbound.unhandled();
      if (left.length > 0) log.info('inbound.recovered', { count: left.length });
      await Promise.all(left.map(queue));
    },
    idle,
    async allIdle() {
      await storing.allIdle();
      await handling.allIdle();
    },
  };
}
