import { AsyncLocalStorage } from 'node:async_hooks';
import type { Follower } from '../core/follower.ts';
import type { Log } from '../core/log.ts';

/** Who is told after commits; nobody until the app has joined the rooms. */
export interface Followers {
  current(): Follower | null;
}

/**
 * Tells of a document, which a caller that has just committed it brings along. Resolves when its followers have heard of its
 * newest state, or failed (then a later catch-up tells again).
 */
export type Tell<T> = (id: string, committed?: T) => Promise<void>;

/** True while a follower is being told: what it writes itself is told inside, and never waits for another telling. */
const inside = new AsyncLocalStorage<true>();

/**
 * Tells of one document at a time, the newest state always last. `tellOnce` tells of a document that is marked as unheard and
 * takes the mark away; a failure is logged and leaves the mark, because the commit stands all the same.
 */
export function createTelling<T extends { readonly unheard?: true }>({
  what,
  log,
  find,
  tellOnce,
}: {
  what: string;
  log: Log;
  find: (id: string) => Promise<T | null>;
  tellOnce: (stored: T) => Promise<void>;
}): Tell<T> {
  const underWay = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const run = async (id: string, committed: T | undefined): Promise<void> => {
    let known = committed;
    do {
      again.delete(id);
      try {
        const stored = known ?? (await find(id));
        known = undefined;
        if (stored?.unheard === true) await tellOnce(stored);
      } catch (error) {
        log.error('follower.failed', { what, id, error: error instanceof Error ? error.name : 'unknown' });
      }
    } while (again.has(id));
    underWay.delete(id);
  };
  return async (id, committed) => {
    const running = underWay.get(id);
    if (running === undefined) {
      // Nothing to tell: and a run that never waited would be over before it is put down as under way.
      if (committed !== undefined && committed.unheard !== true) return;
      const work = inside.run(true, () => run(id, committed));
      underWay.set(id, work);
      return work;
    }
    again.add(id);
    // Waiting here from inside another telling could wait for itself in a circle.
    return inside.getStore() === true ? undefined : running;
  };
}
