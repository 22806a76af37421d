import type { ChatAddress } from './address.ts';

/**
 * A patient's place in a Telegram group of staff: a topic where the group has topics, else the messages that are replied to.
 * `key` is the patient's id, or that of the conversation where nobody knows the patient.
 */
export interface StaffTopic {
  readonly group: string;
  readonly key: string;
}

/** The address under which a topic is written to and heard; `#` stands in no chat id of Telegram's and in no key of ours. */
export function topicAddress({ group, key }: StaffTopic): ChatAddress {
  return { channel: 'telegram', address: `${group}#${key}` };
}

/** The topic behind an address; null for every other chat. */
export function topicAt({ channel, address }: ChatAddress): StaffTopic | null {
  const mark = address.indexOf('#');
  if (channel !== 'telegram' || mark < 1) return null;
  return { group: address.slice(0, mark), key: address.slice(mark + 1) };
}
