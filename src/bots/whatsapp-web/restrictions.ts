import type { ChannelMemory } from '../../core/channel-memory.ts';
import { DAY_MS, HOUR_MS, type WallClock } from '../../core/clock.ts';

/** What WhatsApp does not let this account do for a while, as far as its refusals show. */
export interface Restrictions {
  /** For how many ms people who never wrote to us are not written to; 0: they may be. */
  coldForMs(): number;
  /** For how many ms nobody is. */
  allForMs(): number;
  /** WhatsApp refused a message of ours: to somebody who never wrote (`cold`), or to a chat of ours. */
  refused(cold: boolean): Promise<void>;
  /** WhatsApp took one. */
  taken(): void;
  /** Takes what an earlier run learnt. */
  load(): Promise<void>;
}

const COLD_MS = DAY_MS;
const ALL_MS = HOUR_MS;
const LONGEST_MS = DAY_MS;
const IN_A_ROW = 3;
const KEY = 'restricted';

/**
 * The page shows a refusal as ack -1 without a reason. To a stranger it is the restriction of accounts that write to many
 * (error 463, field.md C1: 24 h at first): strangers are left alone for a day, the next channel takes them. Three refusals in a row
 * in chats that are ours mean the account itself: all is left alone for an hour, then for twice as long, at most a day.
 */
export function createRestrictions({ memory, wall }: { memory: ChannelMemory; wall: WallClock }): Restrictions {
  let [cold, all, inARow, times] = [0, 0, 0, 0];
  const left = (untilMs: number): number => Math.max(0, untilMs - wall.nowMs());
  return {
    coldForMs: () => left(cold),
    allForMs: () => left(all),
    async refused(isCold) {
      const nowMs = wall.nowMs();
      if (isCold) cold = nowMs + COLD_MS;
      else inARow += 1;
      if (inARow >= IN_A_ROW) {
        all = nowMs + Math.min(ALL_MS * 2 ** times, LONGEST_MS);
        times += 1;
        inARow = 0;
      }
      await memory.set('whatsapp', KEY, JSON.stringify([cold, all, times]));
    },
    taken() {
      [inARow, times] = [0, 0];
    },
    async load() {
      const stored = await memory.get('whatsapp', KEY);
      if (stored !== null) [cold, all, times] = JSON.parse(stored) as [number, number, number];
    },
  };
}
