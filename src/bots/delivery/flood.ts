import type { WallClock } from '../../core/clock.ts';

const MINUTE_MS = 60_000;
/** More than a quick hand can ask for by taps. */
const MOST = 30;

/** Tells when one chat has had more replies than a person reads. What was said is still heard: a STOP counts in any flood. */
export interface Flood {
  /** Counts a reply that is about to go; false: it is one too many within this minute of real time. */
  takes(chat: string): boolean;
}

/** In memory and by process: a flood that goes on is met anew (spec: reliability.md B5, 41). */
export function createFlood(wall: WallClock): Flood {
  const chats = new Map<string, number[]>();
  return {
    takes(chat) {
      const nowMs = wall.nowMs();
      const times = (chats.get(chat) ?? []).filter((ms) => ms > nowMs - MINUTE_MS && ms <= nowMs);
      const fits = times.length < MOST;
      if (fits) times.push(nowMs);
      chats.delete(chat);
      if (times.length > 0) chats.set(chat, times);
      // The chat that was silent longest is forgotten first.
      const oldest = chats.keys().next();
      if (chats.size > 10_000 && !oldest.done) chats.delete(oldest.value);
      return fits;
    },
  };
}
