import type { ChatAddress } from '../core/address.ts';
import type { ChannelName } from '../core/channel-name.ts';
import type { InboundBody } from '../core/inbound.ts';
import type { OutboxStore } from '../core/message.ts';

const TOKEN = /^([0-9a-z]{26})\.(\d{1,3})$/;

/** What a button carries: our message and the place of the choice in it; 30 characters at most, so that every platform takes it. */
export function tapToken(messageId: string, place: number): string {
  return `${messageId}.${place}`;
}

/** Reads what the buttons of our messages bring back, and which of our messages is quoted. */
export interface Taps {
  /** A tap that came from `chat`. One that no message to this chat offers stays a choice that nobody offered, and gets the polite answer. */
  read(token: string, chat: ChatAddress): Promise<InboundBody>;
  /** A tap known by the title alone (a poll's vote) on the message with this id of the platform. */
  titled(channel: ChannelName, providerId: string, title: string): Promise<InboundBody | null>;
  /** Our id of the message that the platform knows under this one; null when it is not ours. */
  messageOf(channel: ChannelName, providerId: string): Promise<string | null>;
  /** The address that our message with this id of the platform went to; null when it is not ours. */
  addressOf(channel: ChannelName, providerId: string): Promise<string | null>;
}

/** A token is believed only if that message went to the chat that sent it back (spec: reliability.md B5, 36). */
export function createTaps({ outbox }: { outbox: Pick<OutboxStore, 'get' | 'byProviderId'> }): Taps {
  return {
    async read(token, chat) {
      const [, message, place] = TOKEN.exec(token) ?? [];
      const row = message === undefined ? null : await outbox.get(message);
      const choice = row?.channel === chat.channel && row.to === chat.address ? row.choices[Number(place)] : undefined;
      if (row === null || choice === undefined) return { kind: 'choice', choice: 'unknown' };
      return { kind: 'choice', choice: choice.id, message: row.id };
    },
    async titled(channel, providerId, title) {
      const row = await outbox.byProviderId(channel, providerId);
      const choice = row?.choices.find((one) => one.title === title);
      return row === null || choice === undefined ? null : { kind: 'choice', choice: choice.id, message: row.id };
    },
    messageOf: async (channel, providerId) => (await outbox.byProviderId(channel, providerId))?.id ?? null,
    addressOf: async (channel, providerId) => (await outbox.byProviderId(channel, providerId))?.to ?? null,
  };
}
