import type { BotApiChats, BotApiMessage } from './bot-api-chats.ts';
import type { BotApiUpdates } from './bot-api-updates.ts';

/** Where somebody acts: in their own chat with the bot, or in a group, perhaps in a topic of it. */
interface ActsIn {
  readonly group?: number;
  readonly thread?: number;
}

/** People in Telegram. Each act resolves when the bot has confirmed the update. */
export interface BotApiUsers {
  /** Starts the bot without saying anything, so that it may write. */
  meet(user: number): void;
  say(user: number, text: string, at?: ActsIn): Promise<void>;
  /** Answers a message of the bot by quoting it. */
  reply(user: number, to: BotApiMessage, text: string, at?: ActsIn): Promise<void>;
  /** Taps the button with this title under a message of the bot; `query` gets the tap's id. */
  tap(user: number, on: BotApiMessage, title: string): Promise<void>;
  /** Shares a contact: one's own number unless `owner` names somebody else. */
  shareContact(user: number, phone: string, owner?: number): Promise<void>;
  /** A message of any content, such as `{ voice: { … } }`. */
  send(user: number, content: Readonly<Record<string, unknown>>, at?: ActsIn): Promise<void>;
  block(user: number): Promise<void>;
  unblock(user: number): Promise<void>;
  /** Makes a group a supergroup, of which both groups tell. */
  upgrade(user: number, group: number, to: number, options: { forum: boolean }): Promise<void>;
  /** An update of any kind and, if wanted, with an id of its own. */
  push(content: Readonly<Record<string, unknown>>, id?: number): Promise<void>;
}

/** Ids of messages and taps count on with those of the bot. */
export function createBotApiUsers(chats: BotApiChats, updates: BotApiUpdates): BotApiUsers {
  const person = (user: number) => ({ id: user, is_bot: false, first_name: 'Dana', language_code: 'ru' });
  const send: BotApiUsers['send'] = (user, content, { group, thread } = {}) => {
    if (group === undefined) chats.users.add(user);
    const chat = chats.find(group ?? user);
    const message = {
      message_id: chats.newMessageId(),
      date: Math.floor(Date.now() / 1000),
      chat,
      from: person(user),
      ...(thread !== undefined && { message_thread_id: thread, is_topic_message: true }),
      ...content,
    };
    return updates.push(String(chat.id), { message });
  };
  const membership = (user: number, before: string, after: string): Promise<void> =>
    updates.push(String(user), {
      my_chat_member: {
        chat: { id: user, type: 'private', first_name: 'Dana' },
        from: person(user),
        date: Math.floor(Date.now() / 1000),
        old_chat_member: { user: { id: 42, is_bot: true, first_name: 'Clinic' }, status: before },
        new_chat_member: { user: { id: 42, is_bot: true, first_name: 'Clinic' }, status: after, until_date: 0 },
      },
    });

  return {
    meet: (user) => void chats.users.add(user),
    say: (user, text, at) => {
      const command = /^\/\w+/.exec(text)?.[0];
      const entities = command && [{ type: 'bot_command', offset: 0, length: command.length }];
      return send(user, { text, ...(entities && { entities }) }, at);
    },
    reply: (user, to, text, at) => send(user, { text, reply_to_message: to }, at),
    tap: (user, on, title) => {
      const markup = on.reply_markup as { inline_keyboard?: { text: string; callback_data: string }[][] } | undefined;
      const button = markup?.inline_keyboard?.flat().find(({ text }) => text === title);
      if (button === undefined) throw new Error('No such button under this message.');
      const id = String(chats.newMessageId());
      return updates.push(String(on.chat.id), {
        callback_query: { id, from: person(user), message: on, chat_instance: '1', data: button.callback_data },
      });
    },
    shareContact: (user, phone, owner = user) =>
      send(user, { contact: { phone_number: phone, first_name: 'Dana', user_id: owner } }),
    send,
    block: (user) => {
      chats.blocked.add(user);
      return membership(user, 'member', 'kicked');
    },
    unblock: (user) => {
      chats.blocked.delete(user);
      return membership(user, 'kicked', 'member');
    },
    async upgrade(user, group, to, { forum }) {
      const message = { message_id: chats.newMessageId(), date: Math.floor(Date.now() / 1000), from: person(user) };
      const [was, is] = [
        { id: group, type: 'group', title: 'Staff' },
        { id: to, type: 'supergroup', title: 'Staff' },
      ];
      chats.upgrade(group, to, forum);
      await updates.push(String(group), { message: { ...message, chat: was, migrate_to_chat_id: to } });
      await updates.push(String(to), { message: { ...message, chat: is, migrate_from_chat_id: group } });
    },
    push: (content, id) => updates.push('raw', content, id),
  };
}
