import { MINUTE_MS, type WallClock } from '../../core/clock.ts';

const FAILURES_A_MINUTE = 20;
const ADDRESSES_KEPT = 10_000;

/** Counts failures by address: 20 in a minute are let through, the next ones are told how many seconds to wait. */
export function createFailureLimit(wall: WallClock): { failed(address: string): number } {
  const seen = new Map<string, { count: number; readonly endsAtMs: number }>();
  return {
    failed(address) {
      const nowMs = wall.nowMs();
      const known = seen.get(address);
      const entry = known !== undefined && known.endsAtMs > nowMs ? known : { count: 0, endsAtMs: nowMs + MINUTE_MS };
      entry.count += 1;
      seen.delete(address);
      seen.set(address, entry);
      const oldest = seen.keys().next().value;
      if (seen.size > ADDRESSES_KEPT && oldest !== undefined) seen.delete(oldest);
      return entry.count <= FAILURES_A_MINUTE ? 0 : Math.ceil((entry.endsAtMs - nowMs) / 1000);
    },
  };
}
