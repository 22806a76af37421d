import { AppError, isPassing } from '../../core/errors.ts';
import type { Message } from '../../core/message.ts';
import type { DeliveryDeps } from './deps.ts';
import type { Records } from './records.ts';
import { mayHaveLeft, toEnd, toUnknown } from './row.ts';

const TRIES = 5;
const FIRST_DELAY_MS = 10_000;

/** Runs a look so that a row that always throws harms nobody else: put back with a growing delay, and failed after five tries. */
export interface Poison {
  guard<T>(row: Message, look: () => Promise<T>, otherwise: T): Promise<T>;
  /** Puts back what could not even be put back, as while the store was away; call it before a run. */
  freeStuck(): Promise<void>;
}

/**
 * Tries are counted in memory: a restart, which may bring the cure, starts anew. A store that is away is no fault of the row
 * and counts no try. An alert is never given up.
 */
export function createPoison(deps: DeliveryDeps, records: Records, release: (row: Message) => Promise<void>): Poison {
  const { clock, log, outbox } = deps;
  const tries = new Map<string, number>();
  const stuck = new Map<string, Message>();

  /** Counts the try; null when the row is given up, else the milliseconds until the next look. */
  const count = (row: Message, error: unknown): number | null => {
    if (error instanceof AppError && error.code === 'notReady') {
      log.warn('message.storeAway', { message: row.id });
      return 0;
    }
    const tried = (tries.get(row.id) ?? 0) + 1;
    const givenUp = tried >= TRIES && row.kind !== 'alert';
    if (givenUp) tries.delete(row.id);
    else tries.set(row.id, tried);
    log[givenUp ? 'error' : 'warn'](givenUp ? 'message.givenUp' : 'message.threw', { message: row.id, tried, error });
    return givenUp ? null : FIRST_DELAY_MS * 4 ** Math.min(tried - 1, 4);
  };

  const putBack = async (seen: Message, delayMs: number | null): Promise<void> => {
    const row = await outbox.get(seen.id);
    if (row?.fence !== seen.fence) return;
    const now = clock.now();
    const lookAt = delayMs === null ? null : new Date(now.getTime() + delayMs);
    if (row.state === 'sending' || row.state === 'unknown')
      await records.own(row, (current) =>
        lookAt === null ? toUnknown(current, null, now) : { ...current, ...FREE, lookAt },
      );
    if (row.state !== 'claimed') return;
    if (mayHaveLeft(row)) {
      await records.own(row, (current) => toUnknown(current, lookAt, now));
      return;
    }
    await release(row);
    await records.own(row, (current) =>
      lookAt === null
        ? toEnd(current, { state: 'failed', detail: 'error' }, now)
        : { ...current, ...FREE, state: 'planned', lookAt },
    );
  };

  /** Somebody has to look at it by hand; whether anything of it left is not known where a send was under way. */
  const setAside = async (row: Message): Promise<void> => {
    const state = row.state === 'claimed' ? 'failed' : 'unknown';
    await outbox
      .setAside(row, state, clock.now())
      .catch((error: unknown) => log.warn('message.kept', { message: row.id, error }));
  };

  const putBackOrKeep = async (row: Message, delayMs: number | null): Promise<void> => {
    try {
      await putBack(row, delayMs);
    } catch (error) {
      // The store is there and the document is not what it should be: no look will ever mend that.
      if (!isPassing(error)) await setAside(row);
      stuck.set(row.id, row);
      log.error('message.stuck', { message: row.id, error });
    }
  };

  return {
    async guard(row, look, otherwise) {
      try {
        const outcome = await look();
        tries.delete(row.id);
        return outcome;
      } catch (error) {
        await putBackOrKeep(row, count(row, error));
        return otherwise;
      }
    },
    async freeStuck() {
      const rows = [...stuck.values()];
      stuck.clear();
      for (const row of rows) await putBackOrKeep(row, 0);
    },
  };
}

const FREE = { leaseOwner: null, leaseUntilMs: 0 } as const;
