import { chatKey } from '../../src/core/address.ts';
import type { InboundMessage, InboundStore, StoredInbound } from '../../src/core/inbound.ts';

/** What was received, in memory; held to `test/contracts/inbound-store.ts` as the real one is. */
export function memoryInbound(): InboundStore {
  const stored = new Map<string, StoredInbound>();
  const keyOf = ({ from, id }: InboundMessage): string => `${from.channel}:${id}`;
  const change = (message: InboundMessage, next: (one: StoredInbound) => StoredInbound): StoredInbound => {
    const known = stored.get(keyOf(message));
    if (known === undefined) throw new Error('Only what was stored is marked.');
    const changed = next(known);
    stored.set(keyOf(message), changed);
    return changed;
  };
  return {
    async store(message) {
      if (stored.has(keyOf(message))) return false;
      stored.set(keyOf(message), structuredClone({ ...message, handledAt: null, tries: 0 }));
      return true;
    },
    async markHandled(message, at) {
      change(message, (one) => ({ ...one, handledAt: at }));
    },
    markFailed: async (message) => change(message, (one) => ({ ...one, tries: one.tries + 1 })).tries,
    unhandled: async () => [...stored.values()].filter(({ handledAt }) => handledAt === null),
    ofChat: async (from) => [...stored.values()].filter((one) => chatKey(one.from) === chatKey(from)),
  };
}
