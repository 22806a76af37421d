import { entriesOf, fieldOf, wordsOf } from './json-shape.ts';
import { messageKey } from './message-key.ts';

/** Who wrote: by number (digits, without `+`), by business-scoped id, or by both. At least one is known. */
export interface CloudSender {
  readonly phone: string | null;
  readonly userId: string | null;
}

/** What a patient did. `token` is what our button carried. */
type Said =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tap'; readonly token: string }
  | { readonly kind: 'media'; readonly media: 'voice' | 'image' | 'sticker' | 'other' };

type CloudStatus = 'sent' | 'delivered' | 'read' | 'failed';

/** One thing that Meta tells. `ignored` is counted and answered with 200, or Meta would repeat it for days. */
export type CloudEvent =
  | {
      readonly kind: 'message';
      /** Here and below messages are named by `messageKey`. */
      readonly id: string;
      readonly sender: CloudSender;
      readonly atSeconds: number | null;
      /** The message that is quoted or reacted to. */
      readonly quote: string | null;
      readonly said: Said;
    }
  | {
      readonly kind: 'status';
      readonly providerId: string;
      readonly status: CloudStatus;
      readonly attemptId: string | null;
      /** Why it failed; null where it did not, or no code came. */
      readonly code: number | null;
      readonly atSeconds: number | null;
    }
  | { readonly kind: 'template'; readonly name: string; readonly language: string; readonly status: string }
  /** The number that this sender wrote from is not theirs any more. */
  | { readonly kind: 'numberLeft'; readonly sender: CloudSender }
  | { readonly kind: 'ignored'; readonly why: Ignored };

type Ignored =
  | 'shape'
  | 'account'
  | 'phone'
  | 'field'
  | 'messageType'
  | 'sender'
  | 'group'
  | 'reactionTakenBack'
  | 'status'
  | 'error';

const PHONE = /^\d{5,20}$/;
const USER_ID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;
const NUMBER_LEFT = ['user_changed_number', 'customer_changed_number'];
const STATUSES: Readonly<Record<string, CloudStatus>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  played: 'read',
  failed: 'failed',
};
const MEDIA: Readonly<Record<string, Extract<Said, { kind: 'media' }>['media']>> = {
  audio: 'voice',
  voice: 'voice',
  image: 'image',
  sticker: 'sticker',
  video: 'other',
  document: 'other',
  location: 'other',
  contacts: 'other',
  order: 'other',
  unsupported: 'other',
  unknown: 'other',
};

/** True for a business-scoped user id, by which people with a user name are known (spec: field.md D1). */
export function isUserId(text: string): boolean {
  return USER_ID.test(text);
}

/** The events of one webhook body that concern this account and number, in their order. Total: what is not known is `ignored`. */
export function parseWebhook(
  payload: unknown,
  ours: { readonly accountId: string; readonly phoneId: string },
): readonly CloudEvent[] {
  const entries = entriesOf(fieldOf(payload, 'entry'));
  if (entries.length === 0) return [ignored('shape')];
  return entries.flatMap((entry): readonly CloudEvent[] => {
    if (String(fieldOf(entry, 'id')) !== ours.accountId) return [ignored('account')];
    const changes = entriesOf(fieldOf(entry, 'changes'));
    return changes.length === 0 ? [ignored('shape')] : changes.flatMap((change) => parseChange(change, ours.phoneId));
  });
}

function parseChange(change: unknown, phoneId: string): readonly CloudEvent[] {
  const value = fieldOf(change, 'value');
  switch (fieldOf(change, 'field')) {
    case 'messages': {
      if (fieldOf(fieldOf(value, 'metadata'), 'phone_number_id') !== phoneId) return [ignored('phone')];
      const events = [
        ...entriesOf(fieldOf(value, 'messages')).map((message) => parseMessage(message, value)),
        ...entriesOf(fieldOf(value, 'statuses')).map(parseStatus),
        ...entriesOf(fieldOf(value, 'errors')).map(() => ignored('error')),
      ];
      return events.length === 0 ? [ignored('shape')] : events;
    }
    case 'message_template_status_update':
      return [parseTemplate(value)];
    default:
      return [ignored('field')];
  }
}

function parseMessage(message: unknown, value: unknown): CloudEvent {
  const id = keyIn(fieldOf(message, 'id'));
  if (id === null) return ignored('shape');
  if (fieldOf(message, 'group_id') !== undefined) return ignored('group');
  const sender = senderOf(message, value);
  if (sender === null) return ignored('sender');
  const type = wordsOf(fieldOf(message, 'type')) ?? '';
  const told = fieldOf(message, type);
  if (type === 'system')
    return NUMBER_LEFT.includes(String(fieldOf(told, 'type')))
      ? { kind: 'numberLeft', sender }
      : ignored('messageType');
  if (type === 'reaction' && wordsOf(fieldOf(told, 'emoji')) === null) return ignored('reactionTakenBack');
  const said = saidIn(type, told);
  if (said === null) return ignored('messageType');
  const quote = type === 'reaction' ? fieldOf(told, 'message_id') : fieldOf(fieldOf(message, 'context'), 'id');
  return { kind: 'message', id, sender, atSeconds: secondsOf(message), quote: keyIn(quote), said };
}

/** `told` is the part of the message that its type names. */
function saidIn(type: string, told: unknown): Said | null {
  switch (type) {
    case 'text':
      return textSaid(fieldOf(told, 'body'));
    case 'reaction':
      return textSaid(fieldOf(told, 'emoji'));
    case 'button':
      return tapSaid(fieldOf(told, 'payload')) ?? textSaid(fieldOf(told, 'text'));
    case 'interactive':
      return (
        tapSaid(fieldOf(fieldOf(told, 'button_reply'), 'id')) ??
        tapSaid(fieldOf(fieldOf(told, 'list_reply'), 'id')) ?? { kind: 'media', media: 'other' }
      );
    default: {
      const media = Object.hasOwn(MEDIA, type) ? MEDIA[type] : undefined;
      return media === undefined ? null : { kind: 'media', media };
    }
  }
}

function textSaid(words: unknown): Said | null {
  const text = wordsOf(words);
  return text === null ? null : { kind: 'text', text };
}

function tapSaid(id: unknown): Said | null {
  const token = wordsOf(id);
  return token === null ? null : { kind: 'tap', token };
}

/** The message names its sender; what it leaves out is in the contact of the same sender. */
function senderOf(message: unknown, value: unknown): CloudSender | null {
  const from = wordsOf(fieldOf(message, 'from'));
  const userId = userIdIn(fieldOf(message, 'from_user_id')) ?? userIdIn(from);
  const phone = phoneIn(from);
  const contacts = entriesOf(fieldOf(value, 'contacts'));
  const contact =
    contacts.find((one) => phone !== null && fieldOf(one, 'wa_id') === phone) ??
    contacts.find((one) => userId !== null && fieldOf(one, 'user_id') === userId) ??
    (phone === null && userId === null && contacts.length === 1 ? contacts[0] : undefined);
  const sender = {
    phone: phone ?? phoneIn(fieldOf(contact, 'wa_id')),
    userId: userId ?? userIdIn(fieldOf(contact, 'user_id')),
  };
  return sender.phone === null && sender.userId === null ? null : sender;
}

function keyIn(value: unknown): string | null {
  const wamid = wordsOf(value);
  return wamid === null ? null : messageKey(wamid);
}

function phoneIn(value: unknown): string | null {
  return typeof value === 'string' && PHONE.test(value) ? value : null;
}

function userIdIn(value: unknown): string | null {
  return typeof value === 'string' && isUserId(value) ? value : null;
}

function parseStatus(status: unknown): CloudEvent {
  const providerId = keyIn(fieldOf(status, 'id'));
  const name = wordsOf(fieldOf(status, 'status')) ?? '';
  const known = Object.hasOwn(STATUSES, name) ? STATUSES[name] : undefined;
  if (providerId === null || known === undefined) return ignored('status');
  const code = fieldOf(entriesOf(fieldOf(status, 'errors'))[0], 'code');
  return {
    kind: 'status',
    providerId,
    status: known,
    attemptId: wordsOf(fieldOf(status, 'biz_opaque_callback_data')),
    code: typeof code === 'number' ? code : null,
    atSeconds: secondsOf(status),
  };
}

function parseTemplate(value: unknown): CloudEvent {
  const name = wordsOf(fieldOf(value, 'message_template_name'));
  const language = wordsOf(fieldOf(value, 'message_template_language'));
  const status = wordsOf(fieldOf(value, 'event'));
  if (name === null || language === null || status === null) return ignored('shape');
  return { kind: 'template', name, language, status };
}

function secondsOf(value: unknown): number | null {
  const stamp = fieldOf(value, 'timestamp');
  const seconds = typeof stamp === 'number' ? stamp : Number(wordsOf(stamp) ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : null;
}

function ignored(why: Ignored): CloudEvent {
  return { kind: 'ignored', why };
}
