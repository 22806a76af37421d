import { type ChannelName, reachOf } from './channel-name.ts';

/** Where a chat is: E.164 with `+` for whatsapp, sms and voice, the chat id for telegram, the mail address for email. */
export interface ChatAddress {
  readonly channel: ChannelName;
  readonly address: string;
}

/** The key under which a STOP is kept: a number stops every channel that uses it, a chat or mailbox itself. */
export function refusalKey(at: ChatAddress): string {
  return reachOf(at.channel) === 'number' ? at.address : `${at.channel}:${at.address}`;
}

/** One string for a chat, for per-chat order and map keys. */
export function chatKey(at: ChatAddress): string {
  return `${at.channel}:${at.address}`;
}

/** What staff and API readers see of an address: the start and the last two characters, the rest hidden. */
export function maskAddress(address: string): string {
  const at = address.indexOf('@');
  if (at > 0) return `${address.slice(0, 1)}***${address.slice(at)}`;
  if (address.length <= 4) return '***';
  return `${address.slice(0, Math.min(4, address.length - 4))}***${address.slice(-2)}`;
}
