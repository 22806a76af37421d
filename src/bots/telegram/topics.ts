import type { Api } from 'grammy';
import type { ChannelMemory } from '../../core/channel-memory.ts';
import { createLanes } from '../lanes.ts';

/** Where a message goes: a chat, or in a group of staff the conversation that `key` names. */
export interface Target {
  readonly chat: string;
  readonly key: string | null;
}

const ADDRESS = /^(-?\d{1,16})(?:#(\S{1,200}))?$/;

/** Reads `<chat id>` or `<group id>#<key>`; null for what Telegram could not know. */
export function readTarget(address: string): Target | null {
  const [, chat, key] = ADDRESS.exec(address) ?? [];
  return chat === undefined ? null : { chat, key: key ?? null };
}

/** The group that an address lies in, in a topic or not; null for a person's chat. */
export function groupOf(address: string): string | null {
  const chat = readTarget(address)?.chat;
  return chat?.startsWith('-') === true ? chat : null;
}

/** The topics of the groups of staff, one for each key. */
export interface Topics {
  /**
   * The topic to write to, made with `name` if there is none yet; null in a group without topics. What is written there is
   * heard under the address of `group`, which is another one where the group has moved. Throws what the calls throw.
   */
  threadFor(api: Api, target: Target & { key: string }, group: string, name: string): Promise<number | null>;
  /** Telegram says that it is gone; the next message opens another. */
  forget(target: Target & { key: string }): Promise<void>;
  /** The address of what is written in this topic; null when it is none of ours. */
  addressOf(group: string, thread: number): Promise<string | null>;
}

/** Kept in the channel's memory in both directions, for a reply may come after a restart. */
export function createTopics(memory: ChannelMemory): Topics {
  const making = createLanes();
  const here = ({ chat, key }: Target & { key: string }): string => `topic:${chat}#${key}`;
  const there = (chat: string, thread: number | string): string => `thread:${chat}#${thread}`;
  const named = (chat: string, thread: number | string): string => `named:${chat}#${thread}`;

  const hearAs = async (chat: string, thread: number, group: string): Promise<void> => {
    const known = (await memory.get('telegram', named(chat, thread))) ?? chat;
    if (group === known) return;
    if (group === chat) await memory.forget('telegram', named(chat, thread));
    else await memory.set('telegram', named(chat, thread), group);
  };

  const open = async (api: Api, target: Target & { key: string }, name: string): Promise<number | null> => {
    const chat = Number(target.chat);
    if ((await api.getChat(chat)).is_forum !== true) return null;
    const { message_thread_id: thread } = await api.createForumTopic(chat, name);
    await memory.set('telegram', there(target.chat, thread), target.key);
    await memory.set('telegram', here(target), String(thread));
    return thread;
  };

  return {
    threadFor: (api, target, group, name) =>
      // Two first messages for one key must not open two topics.
      making.run(here(target), async () => {
        const known = await memory.get('telegram', here(target));
        const thread = known === null ? await open(api, target, name) : Number(known);
        if (thread !== null) await hearAs(target.chat, thread, group);
        return thread;
      }),
    async forget(target) {
      const thread = await memory.get('telegram', here(target));
      await memory.forget('telegram', here(target));
      if (thread === null) return;
      await memory.forget('telegram', there(target.chat, thread));
      await memory.forget('telegram', named(target.chat, thread));
    },
    async addressOf(group, thread) {
      const key = await memory.get('telegram', there(group, thread));
      if (key === null) return null;
      return `${(await memory.get('telegram', named(group, thread))) ?? group}#${key}`;
    },
  };
}
