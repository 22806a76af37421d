import type { ChatAddress } from '../../core/address.ts';
import type { ChannelMemory } from '../../core/channel-memory.ts';
import { type CloudSender, isUserId } from './parse.ts';

/** Where Meta is to send something: a number goes into `to`, a user id into `recipient`; in `to` it would be taken for a number and lost. */
export type Recipient = { readonly to: string } | { readonly recipient: string };

/** Who writes from where. */
export interface People {
  /** The chat of a sender: their number where it is known by now or from before, else their id, which is no number and matches nobody. */
  chatOf(sender: CloudSender): Promise<ChatAddress>;
}

/** Remembers the number behind each business-scoped user id; an erased patient's number is forgotten with the memory. */
export function createPeople(memory: ChannelMemory): People {
  const keyOf = (userId: string): string => `user.${userId}`;
  const phoneOf = async ({ phone, userId }: CloudSender): Promise<string | null> => {
    const known = userId === null ? null : await memory.get('whatsapp', keyOf(userId));
    if (phone === null) return known;
    const number = `+${phone}`;
    if (userId !== null && known !== number) await memory.set('whatsapp', keyOf(userId), number);
    return number;
  };
  return {
    async chatOf(sender) {
      const phone = await phoneOf(sender);
      return { channel: 'whatsapp', address: phone ?? sender.userId ?? '' };
    },
  };
}

/** Null for an address that is neither. */
export function recipientOf(address: string): Recipient | null {
  if (/^\+\d{5,20}$/.test(address)) return { to: address.slice(1) };
  return isUserId(address) ? { recipient: address } : null;
}
