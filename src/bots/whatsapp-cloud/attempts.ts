import type { FindResult } from '../../core/channel.ts';
import type { ChannelMemory } from '../../core/channel-memory.ts';
import { MINUTE_MS, type WallClock } from '../../core/clock.ts';

/** After so long without a status, while other webhooks came, an attempt counts as never made (spec: reliability.md B3). */
export const STATUS_WITHIN_MS = 10 * MINUTE_MS;
const MOST_KEPT = 10_000;

/** What became of our attempts. Only those without an answer are written down; the others this process knows by heart. */
export interface Attempts {
  answered(attemptId: string, providerId: string): void;
  /** No answer came. */
  lost(attemptId: string): Promise<void>;
  /** A status named this attempt. */
  told(attemptId: string, providerId: string): Promise<void>;
  /** A signed webhook came, whatever it says: Meta reaches us. */
  reached(): void;
  find(attemptId: string): Promise<FindResult>;
}

/** The memory holds `at:<ms>` for an attempt that is waited for, `as:<id>` once a status told its id. */
export function createAttempts({ memory, wall }: { memory: ChannelMemory; wall: WallClock }): Attempts {
  const known = new Map<string, string>();
  let reachedAtMs = Number.NEGATIVE_INFINITY;
  const keyOf = (attemptId: string): string => `attempt.${attemptId}`;

  const keep = (attemptId: string, providerId: string): void => {
    known.set(attemptId, providerId);
    const oldest = known.keys().next();
    if (known.size > MOST_KEPT && !oldest.done) known.delete(oldest.value);
  };
  const lost = (attemptId: string): Promise<void> => memory.set('whatsapp', keyOf(attemptId), `at:${wall.nowMs()}`);

  return {
    answered: keep,
    lost,
    async told(attemptId, providerId) {
      if (known.has(attemptId)) return;
      const waitedFor = await memory.get('whatsapp', keyOf(attemptId));
      if (waitedFor?.startsWith('at:') === true) await memory.set('whatsapp', keyOf(attemptId), `as:${providerId}`);
      keep(attemptId, providerId);
    },
    reached() {
      reachedAtMs = wall.nowMs();
    },
    async find(attemptId) {
      const providerId = known.get(attemptId);
      if (providerId !== undefined) return { kind: 'sent', providerId };
      const kept = await memory.get('whatsapp', keyOf(attemptId));
      if (kept?.startsWith('as:') === true) return { kind: 'sent', providerId: kept.slice(3) };
      if (kept === null) {
        // An earlier process made it and ended before the answer: the wait begins with the first question.
        await lost(attemptId);
        return { kind: 'silent' };
      }
      const sinceMs = Number(kept.slice(3));
      const isOver = wall.nowMs() - sinceMs >= STATUS_WITHIN_MS;
      return isOver && reachedAtMs > sinceMs ? { kind: 'absent' } : { kind: 'silent' };
    },
  };
}
