import type { ChannelMemory } from '../../core/channel-memory.ts';

/** Where groups went that became supergroups, which gives a group another id for good. */
export interface Moves {
  /** The id under which this chat is written to today. */
  now(chat: string): Promise<string>;
  moved(from: string, to: string): Promise<void>;
}

/** Kept in the channel's memory, for Telegram tells it once; the clinic's settings go on naming the old id. */
export function createMoves(memory: ChannelMemory): Moves {
  const key = (chat: string): string => `moved:${chat}`;
  return {
    now: async (chat) => (chat.startsWith('-') ? ((await memory.get('telegram', key(chat))) ?? chat) : chat),
    moved: (from, to) => memory.set('telegram', key(from), to),
  };
}
