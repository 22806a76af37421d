import { createSpool, type Spool } from '../../src/bots/inbound/spool.ts';
import { createInbound } from '../../src/bots/inbound.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { InboundMessage, InboundStore, Receive } from '../../src/core/inbound.ts';
import { countedMetrics } from './counted-metrics.ts';
import { fakeClock } from './fake-clock.ts';
import { quietLog } from './quiet-log.ts';

export const START = '2026-03-02T09:00:00Z';

/** Words from a Telegram chat. */
export const said = (id: string, text = id, address = '700'): InboundMessage => ({
  id,
  from: { channel: 'telegram', address },
  at: new Date(START),
  body: { kind: 'text', text },
});

/** The spool of one run of the service; `meanwhile` is what others do while it waits for their sign of life. */
export async function withSpool(
  folder: string,
  id = 'a',
  {
    meanwhile = async () => undefined,
    clock = fakeClock(START),
  }: { meanwhile?: () => Promise<void>; clock?: Clock } = {},
): Promise<Spool> {
  let nowMs = Date.parse(START);
  const wall = { nowMs: () => (nowMs += 1000) };
  return createSpool({ folder, id, clock, wall, pause: meanwhile, log: quietLog() });
}

/** The way in over a store, and what it logged, counted and waited. */
export function inboundRoom(handle: Receive, inbound: InboundStore, spool: Spool | null = null) {
  const log = quietLog();
  const metrics = countedMetrics();
  const paused: number[] = [];
  const room = createInbound({
    inbound,
    spool,
    handle,
    clock: fakeClock(START),
    pause: async (ms) => {
      paused.push(ms);
    },
    log,
    metrics,
  });
  return { room, inbound, log, metrics, paused };
}
