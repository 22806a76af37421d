import { chatKey } from '../../src/core/address.ts';
import type { ChannelName } from '../../src/core/channel.ts';
import type { SimulatedMessage, SimulatedMode, SimulatorStore } from '../../src/core/simulator.ts';

/** What a simulated platform remembers, in memory; held to `test/contracts/simulator-store.ts` as the real one is. */
export function memorySimulator(): SimulatorStore {
  let lines: SimulatedMessage[] = [];
  let clock: { now: Date; running: boolean } | null = null;
  let loaded = false;
  const modes = new Map<ChannelName, { mode: SimulatedMode; since: Date }>();
  const unreachable = new Set<string>();
  return {
    async add(line) {
      if (!lines.some(({ id }) => id === line.id)) lines.push(structuredClone(line));
    },
    byAttempt: async (attemptId) => lines.find((line) => line.attemptId === attemptId) ?? null,
    byId: async (id) => lines.find((line) => line.id === id) ?? null,
    async ofChat(at, after) {
      const chat = lines.filter((line) => chatKey(line.at) === chatKey(at));
      return after === undefined ? chat : chat.slice(chat.findIndex(({ id }) => id === after) + 1);
    },
    async chats() {
      const newest = new Map<string, SimulatedMessage>();
      for (const line of lines.toReversed()) {
        const key = chatKey(line.at);
        if (!newest.has(key)) newest.set(key, line);
      }
      return [...newest.values()];
    },
    async markRead(at) {
      const fresh = lines.filter(
        (line) => chatKey(line.at) === chatKey(at) && line.from === 'bot' && line.status !== 'read',
      );
      lines = lines.map((line) => (fresh.includes(line) ? { ...line, status: 'read' } : line));
      return fresh.map((line) => ({ ...line, status: 'read' }));
    },
    mode: async (channel) => modes.get(channel) ?? null,
    async setMode(channel, mode, since) {
      modes.set(channel, { mode, since });
    },
    isUnreachable: async (at) => unreachable.has(chatKey(at)),
    async setReachable(at, reachable) {
      if (reachable) unreachable.delete(chatKey(at));
      else unreachable.add(chatKey(at));
    },
    clock: async () => clock,
    async saveClock(state) {
      clock = { ...state };
    },
    sampleLoaded: async () => loaded,
    async markSampleLoaded() {
      loaded = true;
    },
    async reset() {
      lines = [];
      clock = null;
      loaded = false;
      modes.clear();
      unreachable.clear();
    },
  };
}
