const MOST = 10_000;

/**
 * In which chats a keyboard of ours stands in place of the input line, so that the next message takes it away. In memory only:
 * after a restart it stays folded up, which Telegram does by itself after its use.
 */
export interface Keyboards {
  shown(chat: string): void;
  taken(chat: string): void;
  isShown(chat: string): boolean;
}

/** Forgets the oldest beyond ten thousand. */
export function createKeyboards(): Keyboards {
  const chats = new Set<string>();
  return {
    shown(chat) {
      chats.delete(chat);
      chats.add(chat);
      const [oldest] = chats;
      if (chats.size > MOST && oldest !== undefined) chats.delete(oldest);
    },
    taken(chat) {
      chats.delete(chat);
    },
    isShown: (chat) => chats.has(chat),
  };
}
