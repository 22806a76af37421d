import type { Branch } from '../../core/branch.ts';
import { DAY_MS } from '../../core/clock.ts';
import type { Content } from '../../core/content.ts';
import type { Conversation } from '../../core/conversation.ts';
import type { InboundBody, InboundMessage } from '../../core/inbound.ts';
import type { Locale } from '../../core/locale.ts';
import type { Message, NewMessage } from '../../core/message.ts';
import { topicAddress } from '../../core/staff-topic.ts';
import type { CallReason } from '../machines/effects.ts';
import type { EngineDeps } from './deps.ts';

/** Words of staff on their way to the patient. */
export const STAFF_WORDS = 'conversations.staffWords';

/** What the patient wrote last, as shown to staff who are called. */
const WORDS_SHOWN = 5;

type RoomDeps = Pick<EngineDeps, 'stores' | 'render' | 'hasChannel'>;

/** The group of staff that answers a conversation; null where its branch has none, or the service no Telegram. */
async function roomOf({ stores, hasChannel }: RoomDeps, { branch: id }: Conversation): Promise<Room | null> {
  if (id === null || hasChannel?.('telegram') === false) return null;
  const branch = await stores.branches.get(id);
  return branch?.staffChat === undefined ? null : { branch, group: branch.staffChat };
}

interface Room {
  readonly branch: Branch;
  readonly group: string;
}

/** Calls staff to a chat: who it is, why, the newest words, and the button that gives the chat back. The first line names the topic. */
export async function callRows(
  deps: RoomDeps,
  id: string,
  reason: CallReason,
  conversation: Conversation,
  at: Date,
): Promise<readonly NewMessage[]> {
  const room = await roomOf(deps, conversation);
  if (room === null) return [];
  const { locale } = room.branch;
  const channel = deps.render({ key: `console.channel.${conversation.at.channel}`, values: {} }, locale).text;
  const phone = await phoneShown(deps, conversation);
  const lines = await newestWords(deps, conversation, locale, at);
  const parts: Content[] = [{ key: `conversations.staffRoom.reason.${reason}`, values: { channel } }];
  if (phone !== null) parts.push({ key: 'conversations.alert.phone', values: { phone } });
  if (lines.length > 0) parts.push({ key: 'conversations.staffRoom.newest', values: { lines: lines.join('\n') } });
  const content: Content = {
    key: 'conversations.staffRoom.words',
    values: { words: await nameOf(deps, conversation, locale) },
    parts,
    choices: [{ id: `return.${conversation.id}`, key: 'conversations.staffRoom.return' }],
  };
  return [inRoom(room, id, content, conversation, at)];
}

/** Tells the group that the bot answers again. */
export async function dismissRows(
  deps: RoomDeps,
  id: string,
  by: 'staff' | 'time',
  conversation: Conversation,
  at: Date,
): Promise<readonly NewMessage[]> {
  const room = await roomOf(deps, conversation);
  const content = { key: `conversations.staffRoom.returned.${by}`, values: {} };
  return room === null ? [] : [inRoom(room, id, content, conversation, at)];
}

/** Passes on what a patient wrote or did while a person has the chat. A repeat makes nothing new. */
export async function forwardRows(
  deps: RoomDeps,
  message: InboundMessage,
  conversation: Conversation,
  at: Date,
): Promise<readonly NewMessage[]> {
  const room = await roomOf(deps, conversation);
  const words = room === null ? null : await wordsOf(deps, message.body, room.branch.locale);
  if (room === null || words === null) return [];
  const name = await nameOf(deps, conversation, room.branch.locale);
  const content = { key: 'conversations.staffRoom.said', values: { name, words } };
  return [inRoom(room, `${conversation.id}:said:${message.id}`, content, conversation, at)];
}

/** Tells the group that words of staff did not reach the patient, or nobody knows whether they did. */
export async function lostRows(deps: RoomDeps, reply: Message, at: Date): Promise<readonly NewMessage[]> {
  const { content, conversation: id, state } = reply;
  const talk = content?.key !== STAFF_WORDS || id === null ? null : await deps.stores.conversations.get(id);
  const room = talk === null ? null : await roomOf(deps, talk);
  if (room === null || talk === null) return [];
  const key = state === 'unknown' ? 'perhapsLost' : 'lost';
  const values = { words: content?.values['text'] ?? '', name: await nameOf(deps, talk, room.branch.locale) };
  return [inRoom(room, `${reply.id}:${key}`, { key: `conversations.staffRoom.${key}`, values }, talk, at)];
}

/** Shows the group what a colleague answered elsewhere, so that nobody answers twice. */
export async function answeredRows(
  deps: RoomDeps,
  id: string,
  { by, text }: { readonly by: string; readonly text: string },
  conversation: Conversation,
  at: Date,
): Promise<readonly NewMessage[]> {
  const room = await roomOf(deps, conversation);
  const content = { key: 'conversations.staffRoom.answered', values: { by, words: text } };
  return room === null ? [] : [inRoom(room, id, content, conversation, at)];
}

function inRoom(
  { branch, group }: Room,
  key: string,
  content: Content,
  { id, patient }: Conversation,
  at: Date,
): NewMessage {
  const { channel, address } = topicAddress({ group, key: patient ?? id });
  return {
    key,
    kind: 'staff',
    patient,
    branch: branch.id,
    dueAt: at,
    channel,
    to: address,
    locale: branch.locale,
    content,
    conversation: id,
  };
}

async function nameOf({ stores, render }: RoomDeps, { patient: id }: Conversation, locale: Locale): Promise<string> {
  const patient = id === null ? null : await stores.patients.get(id);
  const name = patient === null ? '' : `${patient.firstName} ${patient.lastName}`.trim();
  return name === '' ? render({ key: 'conversations.staffRoom.somebody', values: {} }, locale).text : name;
}

/** The number, where the clinic allows it in messages to staff: the same switch as for alerts. */
async function phoneShown({ stores }: RoomDeps, { branch, patient: id, at }: Conversation): Promise<string | null> {
  const { settings } = await stores.switches.get(branch, 'survey');
  if (!settings.showPhone) return null;
  const patient = id === null ? null : await stores.patients.get(id);
  return patient?.phones[0] ?? (at.address.startsWith('+') ? at.address : null);
}

async function newestWords(
  deps: RoomDeps,
  { at: chat }: Conversation,
  locale: Locale,
  now: Date,
): Promise<readonly string[]> {
  const newest = await deps.stores.inbound.newestOfChat(chat, WORDS_SHOWN);
  const recent = newest.filter(({ at }) => now.getTime() - at.getTime() < DAY_MS);
  const words = await Promise.all(recent.map(({ body }) => wordsOf(deps, body, locale)));
  return words.filter((each) => each !== null);
}

/** What was said, as staff read it; null where there is nothing to read. */
async function wordsOf({ stores, render }: RoomDeps, body: InboundBody, locale: Locale): Promise<string | null> {
  const word = (key: string) => render({ key: `conversations.staffRoom.${key}`, values: {} }, locale).text;
  switch (body.kind) {
    case 'text':
      // A deep link's token is nobody else's business.
      return body.text.startsWith('/start') ? null : body.text;
    case 'media':
      return word(`media.${body.media}`);
    case 'contact':
      return word('contact');
    case 'choice': {
      const asked = body.message === undefined ? null : await stores.outbox.get(body.message);
      return asked?.choices.find(({ id }) => id === body.choice)?.title ?? null;
    }
    default:
      return body satisfies never;
  }
}
