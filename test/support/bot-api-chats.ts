type Params = Readonly<Record<string, unknown>>;

/** A message in a chat, as Telegram shows it to the bot. */
export interface BotApiMessage {
  readonly message_id: number;
  readonly date: number;
  readonly chat: { readonly id: number; readonly type: string };
  readonly text?: string;
  readonly caption?: string;
  readonly message_thread_id?: number;
  reply_markup?: unknown;
  readonly [field: string]: unknown;
}

/** An error answer of the Bot API. */
export class BotApiError extends Error {
  readonly code: number;
  readonly parameters: { readonly migrate_to_chat_id?: number };

  constructor(code: number, description: string, parameters = {}) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

interface Group {
  readonly forum: boolean;
  readonly mayOpenTopics: boolean;
  readonly topics: Map<number, string>;
}

/** The chats that the bot can write to, and the rules for writing there. */
export class BotApiChats {
  readonly users = new Set<number>();
  readonly blocked = new Set<number>();
  readonly groups = new Map<number, Group>();
  readonly #moved = new Map<number, number>();
  #message = 100;

  newMessageId(): number {
    this.#message += 1;
    return this.#message;
  }

  /** The chat object of Telegram; throws its 400 and 403. */
  find(id: unknown): { id: number; type: string; is_forum?: true; title?: string; first_name?: string } {
    const chat = Number(id);
    const to = this.#moved.get(chat);
    if (to !== undefined)
      throw new BotApiError(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
        migrate_to_chat_id: to,
      });
    const group = this.groups.get(chat);
    if (group !== undefined)
      return { id: chat, type: 'supergroup', title: 'Staff', ...(group.forum && { is_forum: true as const }) };
    if (!this.users.has(chat)) throw new BotApiError(400, 'Bad Request: chat not found');
    if (this.blocked.has(chat)) throw new BotApiError(403, 'Forbidden: bot was blocked by the user');
    return { id: chat, type: 'private', first_name: 'Dana' };
  }

  /** Makes a group a supergroup, which gives it another id; topics come with it when the group gets them. */
  upgrade(from: number, to: number, forum: boolean): void {
    this.groups.delete(from);
    this.groups.set(to, { forum, mayOpenTopics: forum, topics: new Map() });
    this.#moved.set(from, to);
  }

  /** Checks what is to be sent, and gives the message as it then stands in the chat. */
  take(params: Params, from: unknown, content: Params): BotApiMessage {
    const chat = this.find(params['chat_id']);
    const thread = params['message_thread_id'];
    if (thread !== undefined && this.groups.get(chat.id)?.topics.has(Number(thread)) !== true)
      throw new BotApiError(400, 'Bad Request: message thread not found');
    const markup = params['reply_markup'];
    checkMarkup(markup);
    const inline = typeof markup === 'object' && markup !== null && 'inline_keyboard' in markup;
    return {
      message_id: this.newMessageId(),
      date: Math.floor(Date.now() / 1000),
      chat,
      from,
      ...content,
      ...(thread !== undefined && { message_thread_id: Number(thread), is_topic_message: true }),
      ...(inline && { reply_markup: markup }),
    };
  }

  openTopic(params: Params): { message_thread_id: number; name: string; icon_color: number } {
    const { id } = this.find(params['chat_id']);
    const group = this.groups.get(id);
    const name = String(params['name']);
    if (group?.forum !== true) throw new BotApiError(400, 'Bad Request: the chat is not a forum');
    if (!group.mayOpenTopics) throw new BotApiError(400, 'Bad Request: not enough rights to create a topic');
    if (name.length < 1 || name.length > 128) throw new BotApiError(400, 'Bad Request: invalid topic name');
    const thread = this.newMessageId();
    group.topics.set(thread, name);
    return { message_thread_id: thread, name, icon_color: 7322096 };
  }
}

function checkMarkup(markup: unknown): void {
  if (typeof markup !== 'object' || markup === null || !('inline_keyboard' in markup)) return;
  const buttons = (markup.inline_keyboard as readonly (readonly { text: string; callback_data?: string }[])[]).flat();
  if (buttons.length > 100) throw new BotApiError(400, 'Bad Request: reply markup is too long');
  for (const { text, callback_data: data = '' } of buttons) {
    if (text === '') throw new BotApiError(400, 'Bad Request: text buttons are unallowed in the inline keyboard');
    const bytes = Buffer.byteLength(data);
    if (bytes < 1 || bytes > 64) throw new BotApiError(400, 'Bad Request: BUTTON_DATA_INVALID');
  }
}
