import { DAY_MS } from '../core/clock.ts';
import type { PaceStore } from '../core/pace-store.ts';

/** A message to a chat of several people. */
interface GroupRequest {
  /** The key of the group's rhythm. */
  readonly group: string;
  readonly eachMs: number;
  readonly nowMs: number;
  readonly alert: boolean;
  /** It was put off before: it goes before those that come now. */
  readonly again: boolean;
}

/** A place in the group's rhythm; `lookAtMs`: none within reach before that moment; `spread`: and others wait for it as well. */
type GroupTurn = { readonly atMs: number } | { readonly lookAtMs: number; readonly spread: boolean };

/**
 * The turns of a group, where everything counts that goes there: in the order of their coming, alerts before all. What finds no
 * place soon is put off and takes none, so that an alert does not wait for a flood; a second rhythm, of those that are put off,
 * keeps them in order and apart on all instances.
 */
export function createGroupTurns({ paces, withinMs }: { paces: Pick<PaceStore, 'take'>; withinMs: number }) {
  return async ({ group, eachMs, nowMs, alert, again }: GroupRequest): Promise<GroupTurn> => {
    // An alert reaches the place after the next one, which nobody else does.
    const reachMs = alert ? withinMs + eachMs : withinMs;
    const own = { nowMs, gapMs: eachMs, urgent: false } as const;
    if (!alert && !again) {
      const queued = await paces.take(`${group} queue`, { ...own, withinMs: DAY_MS });
      const atMs = 'atMs' in queued ? queued.atMs : queued.busyUntilMs;
      if (atMs > nowMs + withinMs) return { lookAtMs: atMs, spread: false };
    }
    const place = await paces.take(group, { ...own, withinMs: reachMs });
    return 'atMs' in place ? place : { lookAtMs: place.busyUntilMs - reachMs, spread: true };
  };
}
