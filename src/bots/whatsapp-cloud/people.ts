import type { ChatAddress } from '../../core/address.ts';
import type { ChannelMemory } from '../../core/channel-memory.ts';
import type { Taps } from '../taps.ts';
import { type CloudSender, isUserId } from './parse.ts';

/** Where Meta is to send something: a number goes into `to`, a user id into `recipient`; in `to` it would be taken for a number and lost. */
export type Recipient = { readonly to: string } | { readonly recipient: string };

/** Who writes from where. */
export interface People {
  /**
   * The chat of a sender: their number where Meta says it, it is known from before, or the message of ours that they answer
   * (`messageKey`) went to it; else their id, which is no number and matches nobody.
   */
  chatOf(sender: CloudSender, answered?: string | null): Promise<ChatAddress>;
  /** The number is not this sender's any more: gives its chat, and takes nobody for that number from now on. */
  left(sender: CloudSender): Promise<ChatAddress>;
}

const USER = 'user.';

/** Remembers the number behind each business-scoped user id; an erased patient's number is forgotten with the memory. */
export function createPeople(memory: ChannelMemory, taps: Pick<Taps, 'addressOf'>): People {
  const keyOf = (userId: string): string => `${USER}${userId}`;
  const answeredAt = async (answered: string | null): Promise<string | null> => {
    const address = answered === null ? null : await taps.addressOf('whatsapp', answered);
    return address?.startsWith('+') === true ? address : null;
  };
  const phoneOf = async ({ phone, userId }: CloudSender, answered: string | null): Promise<string | null> => {
    const known = userId === null ? null : await memory.get('whatsapp', keyOf(userId));
    const number = phone === null ? (known ?? (await answeredAt(answered))) : `+${phone}`;
    if (userId !== null && number !== null && known !== number) await memory.set('whatsapp', keyOf(userId), number);
    return number;
  };
  return {
    async chatOf(sender, answered = null) {
      const phone = await phoneOf(sender, answered);
      return { channel: 'whatsapp', address: phone ?? sender.userId ?? '' };
    },
    async left(sender) {
      const number = await phoneOf(sender, null);
      // Their next words may come by the id alone, and the number may be somebody else's by then.
      for (const key of number === null ? [] : await memory.keysOf('whatsapp', number))
        if (key.startsWith(USER)) await memory.forget('whatsapp', key);
      return { channel: 'whatsapp', address: number ?? sender.userId ?? '' };
    },
  };
}

/** Null for an address that is neither. */
export function recipientOf(address: string): Recipient | null {
  if (/^\+\d{5,20}$/.test(address)) return { to: address.slice(1) };
  return isUserId(address) ? { recipient: address } : null;
}
