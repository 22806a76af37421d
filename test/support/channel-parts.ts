import type { ChannelDeps } from '../../src/bots/channel-deps.ts';
import { createTaps } from '../../src/bots/taps.ts';
import type { ChannelEvents, Receipt } from '../../src/core/channel.ts';
import type { InboundMessage } from '../../src/core/inbound.ts';
import type { Stores } from '../../src/core/stores.ts';
import { every, pause, wallClock } from '../../src/system.ts';
import { countIds } from './count-ids.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { quietLog } from './quiet-log.ts';

export interface ChannelParts {
  readonly deps: ChannelDeps;
  /** The service's clock, which stands apart from the platforms' real time. */
  readonly clock: FakeClock;
  readonly log: ReturnType<typeof quietLog>;
  readonly events: ChannelEvents;
  readonly received: readonly InboundMessage[];
  readonly receipts: readonly Receipt[];
}

/** What a real channel is built with, on real stores and real time, and what it told. */
export function channelParts({ channelMemory, outbox }: Pick<Stores, 'channelMemory' | 'outbox'>): ChannelParts {
  const clock = fakeClock('2026-03-02T09:00:00Z');
  const log = quietLog();
  const received: InboundMessage[] = [];
  const receipts: Receipt[] = [];
  return {
    clock,
    log,
    received,
    receipts,
    deps: {
      clock,
      wall: wallClock,
      newId: countIds('id'),
      chance: () => 0.5,
      pause,
      every,
      memory: channelMemory,
      taps: createTaps({ outbox }),
      log,
    },
    events: {
      received: async (message) => void received.push(message),
      receipt: async (receipt) => void receipts.push(receipt),
      closed: async () => undefined,
    },
  };
}
