import { NOTHING_DONE, type TimedWork } from '../../core/timed-work.ts';
import type { EngineDeps } from './deps.ts';
import type { Keeper } from './keeper.ts';

const BATCH = 100;

/** Tells conversations that their time is over: questions expire, a chat handed over comes back to the bot. */
export function createConversationWork({ stores }: EngineDeps, keeper: Keeper): TimedWork {
  return {
    name: 'conversations',
    nextAt: () => stores.conversations.nextWakeAt(),
    async run(now) {
      for (;;) {
        const due = await stores.conversations.due(now, BATCH);
        if (due.length === 0) return NOTHING_DONE;
        for (const { id } of due) await keeper.tell(id, { type: 'timeOver' }, now);
      }
    },
  };
}
