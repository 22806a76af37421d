import type { Message } from '../../core/message.ts';
import type { DeliveryDeps } from './deps.ts';
import type { Records } from './records.ts';
import { toEnd, toUnknown } from './row.ts';

const TRIES = 5;
const FIRST_DELAY_MS = 10_000;

/** Runs a look so that a row that always throws harms nobody else: put back with a growing delay, and failed after five tries. */
export interface Poison {
  guard<T>(row: Message, look: () => Promise<T>, otherwise: T): Promise<T>;
}

/** Tries are counted in memory: a restart, which may bring the cure, starts anew. An alert is never given up. */
export function createPoison(deps: DeliveryDeps, records: Records, release: (row: Message) => Promise<void>): Poison {
  const { clock, log } = deps;
  const tries = new Map<string, number>();

  const putBack = async (seen: Message, error: unknown): Promise<void> => {
    const tried = (tries.get(seen.id) ?? 0) + 1;
    tries.set(seen.id, tried);
    const givenUp = tried >= TRIES && seen.kind !== 'alert';
    const fields = { message: seen.id, tried, error };
    if (givenUp) log.error('message.givenUp', fields);
    else log.warn('message.threw', fields);
    const row = await deps.outbox.get(seen.id);
    if (row?.fence !== seen.fence) return;
    const now = clock.now();
    const lookAt = new Date(now.getTime() + FIRST_DELAY_MS * 4 ** Math.min(tried - 1, 4));
    if (row.state === 'claimed') {
      await release(row);
      await records.own(row, (current) =>
        givenUp ? toEnd(current, { state: 'failed', detail: 'error' }, now) : freed(current, 'planned', lookAt),
      );
    } else if (row.state === 'sending' || row.state === 'unknown')
      await records.own(row, (current) =>
        givenUp ? toUnknown(current, null, now) : freed(current, row.state, lookAt),
      );
    if (givenUp) tries.delete(seen.id);
  };

  return {
    async guard(row, look, otherwise) {
      try {
        const outcome = await look();
        tries.delete(row.id);
        return outcome;
      } catch (error) {
        await putBack(row, error).catch((failure: unknown) =>
          log.error('message.stuck', { message: row.id, error: failure }),
        );
        return otherwise;
      }
    },
  };
}

function freed(row: Message, state: Message['state'], lookAt: Date): Message {
  return { ...row, state, lookAt, leaseOwner: null, leaseUntilMs: 0 };
}
