import type { ChannelMemory } from '../../core/channel-memory.ts';
import { HOUR_MS, type WallClock } from '../../core/clock.ts';

/** Who is who: WhatsApp names a person by number or by a LID that hides it. */
export interface People {
  /** The chat's id for an address of ours; null: not on WhatsApp. Rejects when WhatsApp could not be asked. */
  chatOf(address: string): Promise<string | null>;
  /** `+` and digits, or `lid:…` while the number is hidden: that is never taken for a number. Rejects as above. */
  addressOf(sender: string): Promise<string>;
}

/** The two questions to WhatsApp; asking often makes an account suspect (wwebjs#4001), so answers are kept. */
export interface Directory {
  numberId(digits: string): Promise<string | null>;
  phoneOf(lid: string): Promise<string | null>;
}

const KNOWN_MS = 24 * HOUR_MS;
const UNKNOWN_MS = HOUR_MS;
const MOST = 10_000;
const LID = 'lid:';

/** Numbers are kept in this process for a day; which number stands behind a LID is kept for good. */
export function createPeople({
  memory,
  directory,
  wall,
}: {
  memory: ChannelMemory;
  directory: Directory;
  wall: WallClock;
}): People {
  const answers = new Map<string, { readonly value: string | null; readonly untilMs: number }>();

  const asked = async (key: string, ask: () => Promise<string | null>): Promise<string | null> => {
    const known = answers.get(key);
    if (known !== undefined && wall.nowMs() < known.untilMs) return known.value;
    const value = await ask();
    answers.delete(key);
    answers.set(key, { value, untilMs: wall.nowMs() + (value === null ? UNKNOWN_MS : KNOWN_MS) });
    const oldest = answers.keys().next();
    if (answers.size > MOST && !oldest.done) answers.delete(oldest.value);
    return value;
  };

  return {
    async chatOf(address) {
      if (address.startsWith(LID)) return `${address.slice(LID.length)}@lid`;
      const [, digits] = /^\+(\d{7,15})$/.exec(address) ?? [];
      return digits === undefined ? null : asked(address, () => directory.numberId(digits));
    },
    async addressOf(sender) {
      const [user = '', host] = sender.split('@');
      if (host === 'c.us') return `+${user}`;
      const kept = await memory.get('whatsapp', `${LID}${user}`);
      if (kept !== null) return kept;
      const phone = await asked(sender, () => directory.phoneOf(sender));
      const [, digits] = /^(\d{7,15})@c\.us$/.exec(phone ?? '') ?? [];
      if (digits === undefined) return `${LID}${user}`;
      await memory.set('whatsapp', `${LID}${user}`, `+${digits}`);
      return `+${digits}`;
    },
  };
}
