import type { InboundBody } from '../../core/inbound.ts';

/** Where something happened. `address` of the chat itself; in a group also the topic, which Telegram calls a thread. */
export interface Place {
  readonly chat: string;
  readonly group: boolean;
  readonly thread: number | null;
}

/** What one update means. The names of our messages at Telegram are `chat:message`. */
export type ParsedUpdate =
  | {
      readonly kind: 'message';
      readonly id: string;
      readonly place: Place;
      readonly sender: string;
      readonly body: Exclude<InboundBody, { kind: 'choice' }>;
      readonly repliesTo: string | null;
    }
  | {
      readonly kind: 'tap';
      readonly id: string;
      readonly place: Place;
      readonly sender: string;
      readonly query: string;
      readonly data: string;
      readonly on: string;
    }
  /** `atMs`: when Telegram says it was; null where it does not. */
  | { readonly kind: 'closed'; readonly id: string; readonly chat: string; readonly atMs: number | null }
  /** A group has become a supergroup. */
  | { readonly kind: 'moved'; readonly id: string; readonly from: string; readonly to: string }
  /** `query`: a tap of no use to us, which is answered all the same, for its button waits. */
  | { readonly kind: 'ignored'; readonly why: string; readonly query?: string };

type Fields = Readonly<Record<string, unknown>>;

const VOICE = ['voice', 'audio', 'video_note'];
const OTHER = ['animation', 'video', 'document', 'location', 'venue', 'poll', 'dice', 'game', 'story', 'paid_media'];

/** Reads an update of whatever shape; what we have no use for is `ignored`, with the reason as a code. */
export function parseUpdate(value: unknown, bot: string): ParsedUpdate {
  const update = fields(value);
  const number = integer(update?.['update_id']);
  if (update === null || number === null) return ignored('notAnUpdate');
  // Ids start anew with another bot, and the store keeps them for longer than that.
  const id = `u${bot}.${number}`;
  if (update['message'] !== undefined) return parseMessage(id, fields(update['message']));
  if (update['callback_query'] !== undefined) return parseTap(id, fields(update['callback_query']));
  if (update['my_chat_member'] !== undefined) return parseMembership(id, fields(update['my_chat_member']));
  return ignored('otherKind');
}

function parseMessage(id: string, message: Fields | null): ParsedUpdate {
  const from = fields(message?.['from']);
  const sender = integer(from?.['id']);
  const place = placeOf(message);
  const move = message !== null && place?.group === true ? moveOf(message, place.chat) : null;
  if (move !== null) return { kind: 'moved', id, ...move };
  if (message === null || from === null || sender === null || place === null) return ignored('malformed');
  if (from['is_bot'] === true && !isAnonymousAdmin(message, place)) return ignored('fromBot');
  const body = bodyOf(message, sender, place);
  if (body === null) return ignored('noContent');
  const answered = fields(message['reply_to_message']);
  return { kind: 'message', id, place, sender: String(sender), body, repliesTo: nameOf(answered) };
}

/** Telegram says it in both groups: in the old one where it went, in the new one whence it came. */
function moveOf(message: Fields, here: string): { from: string; to: string } | null {
  const to = integer(message['migrate_to_chat_id']);
  if (to !== null) return { from: here, to: String(to) };
  const from = integer(message['migrate_from_chat_id']);
  return from === null ? null : { from: String(from), to: here };
}

/** An administrator who hides behind the group: Telegram puts a bot of its own in their place and names the group beside it. */
function isAnonymousAdmin(message: Fields, { group, chat }: Place): boolean {
  return group && String(integer(fields(message['sender_chat'])?.['id'])) === chat;
}

function parseTap(id: string, tap: Fields | null): ParsedUpdate {
  const query = string(tap?.['id']);
  if (tap === null || query === null) return ignored('malformed');
  const from = fields(tap['from']);
  const sender = integer(from?.['id']);
  const message = fields(tap['message']);
  const place = placeOf(message);
  const on = nameOf(message);
  const data = string(tap['data']);
  if (from === null || sender === null || from['is_bot'] === true || place === null || on === null || data === null)
    return { kind: 'ignored', why: 'malformed', query };
  return { kind: 'tap', id, place, sender: String(sender), query, data, on };
}

/** A group that throws the bot out closes no patient's chat. */
function parseMembership(id: string, change: Fields | null): ParsedUpdate {
  const chat = fields(change?.['chat']);
  const address = integer(chat?.['id']);
  const gone = fields(change?.['new_chat_member'])?.['status'] === 'kicked';
  if (chat === null || address === null || chat['type'] !== 'private' || !gone) return ignored('membership');
  const seconds = integer(change?.['date']);
  return { kind: 'closed', id, chat: String(address), atMs: seconds === null ? null : seconds * 1000 };
}

function placeOf(message: Fields | null): Place | null {
  const chat = fields(message?.['chat']);
  const address = integer(chat?.['id']);
  if (message === null || chat === null || address === null) return null;
  const thread = integer(message['message_thread_id']);
  switch (chat['type']) {
    case 'private':
      return { chat: String(address), group: false, thread: null };
    case 'group':
    case 'supergroup':
      return { chat: String(address), group: true, thread };
    default:
      return null;
  }
}

function bodyOf(message: Fields, sender: number, { group }: Place): Exclude<InboundBody, { kind: 'choice' }> | null {
  const text = string(message['text']) ?? string(message['caption']);
  // A command may name the bot; in a chat with nobody else that says nothing.
  if (text !== null) return { kind: 'text', text: group ? text : text.replace(/^(\/\w+)@\w+/, '$1') };
  const contact = fields(message['contact']);
  const phone = string(contact?.['phone_number'])?.replace(/\D/g, '') ?? '';
  if (contact !== null && phone !== '')
    return { kind: 'contact', phone: `+${phone}`, own: integer(contact['user_id']) === sender };
  if (VOICE.some((name) => message[name] !== undefined)) return { kind: 'media', media: 'voice' };
  if (message['photo'] !== undefined) return { kind: 'media', media: 'image' };
  if (message['sticker'] !== undefined) return { kind: 'media', media: 'sticker' };
  if (contact !== null || OTHER.some((name) => message[name] !== undefined)) return { kind: 'media', media: 'other' };
  return null;
}

/** Our name of a message of Telegram; null for what is none. */
function nameOf(message: Fields | null): string | null {
  const chat = integer(fields(message?.['chat'])?.['id']);
  const id = integer(message?.['message_id']);
  return chat === null || id === null ? null : `${chat}:${id}`;
}

function ignored(why: string): ParsedUpdate {
  return { kind: 'ignored', why };
}

function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function integer(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

function string(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
