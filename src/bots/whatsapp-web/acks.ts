/** What WhatsApp said of our messages: -1 refused, 0 pending, 1 has it, 2 on the phone, 3 read, 4 played. */
export interface Acks {
  /** Takes one in; true when it is news: a repeat, or one that comes after a higher one, is not. */
  take(id: string, ack: number): boolean;
  /** The first that is not 0, also if it came before this question. */
  first(id: string): Promise<number>;
  /** The newest; null when there was none. */
  of(id: string): number | null;
}

const MOST = 5000;
/** A voice message that was played was read before. */
const READ = 3;

/** Keeps the newest 5,000 messages. */
export function createAcks(): Acks {
  const known = new Map<string, number>();
  const waiting = new Map<string, (ack: number) => void>();
  return {
    take(id, told) {
      const ack = Math.min(told, READ);
      const before = known.get(id) ?? 0;
      // A refusal counts as long as nobody has the message.
      if (ack === 0 || ack === before || (ack < before && !(ack < 0 && before <= 0))) return false;
      known.delete(id);
      known.set(id, ack);
      const oldest = known.keys().next();
      if (known.size > MOST && !oldest.done) known.delete(oldest.value);
      waiting.get(id)?.(ack);
      waiting.delete(id);
      return true;
    },
    first(id) {
      const ack = known.get(id);
      if (ack !== undefined) return Promise.resolve(ack);
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        const oldest = waiting.keys().next();
        if (waiting.size > MOST && !oldest.done) waiting.delete(oldest.value);
      });
    },
    of: (id) => known.get(id) ?? null,
  };
}
