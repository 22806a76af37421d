import type { InboundBody } from '../../core/inbound.ts';

/** A message of the page as plain data, or the reason why it is none of ours. */
export type Parsed =
  | {
      readonly kind: 'said';
      /** The key's own part: the serialized id has the sender's number in it. */
      readonly id: string;
      /** `79161234567@c.us` or `…@lid`. */
      readonly sender: string;
      readonly at: Date;
      readonly body: Exclude<InboundBody, { kind: 'choice' | 'contact' }>;
      /** The key's own part of the message that is quoted. */
      readonly quoted?: string;
    }
  | { readonly kind: 'ignored'; readonly why: 'own' | 'notAChat' | 'notAMessage' | 'shape' };

/** A vote in a poll: the poll's key and the titles chosen. */
export type ParsedVote =
  | {
      readonly kind: 'voted';
      readonly id: string;
      readonly poll: string;
      readonly sender: string;
      readonly at: Date;
      readonly title: string;
    }
  | { readonly kind: 'ignored'; readonly why: 'withdrawn' | 'notAChat' | 'shape' };

type Media = Extract<InboundBody, { kind: 'media' }>['media'];

/** Types that carry what a person wrote in `body`. */
const WRITTEN = ['chat', 'buttons_response', 'list_response', 'template_button_reply'];
/** Types that a person sends and we cannot read; all others are WhatsApp's own notes: edits, calls, encryption, groups. */
const SENT: Readonly<Record<string, Media>> = {
  ptt: 'voice',
  audio: 'voice',
  image: 'image',
  sticker: 'sticker',
  video: 'other',
  document: 'other',
  location: 'other',
  vcard: 'other',
  multi_vcard: 'other',
  order: 'other',
  product: 'other',
  payment: 'other',
  groups_v4_invite: 'other',
  poll_creation: 'other',
  event_creation: 'other',
  scheduled_event_creation: 'other',
};
/** WhatsApp's own notices come from `0@c.us`. */
const PERSON = /^(?:\d{7,15}@c\.us|\d+@lid)$/;

/** Reads a message model of whatsapp-web.js (`Message.rawData`). Total: an unknown shape is ignored, never thrown at. */
export function parseMessage(raw: unknown): Parsed {
  const id = field(raw, 'id');
  const [key, sender, type, seconds] = [text(id, 'id'), widOf(raw, 'from'), text(raw, 'type'), field(raw, 't')];
  if (key === null || sender === null || type === null || typeof seconds !== 'number' || !isDate(seconds))
    return { kind: 'ignored', why: 'shape' };
  if (field(id, 'fromMe') === true) return { kind: 'ignored', why: 'own' };
  const aside = field(raw, 'isStatusV3') === true || field(raw, 'broadcast') === true;
  if (aside || !PERSON.test(sender)) return { kind: 'ignored', why: 'notAChat' };
  const media = SENT[type];
  if (media === undefined && !WRITTEN.includes(type)) return { kind: 'ignored', why: 'notAMessage' };
  // A file's `body` is its small picture; what was written to it is the caption.
  const words = (media === undefined ? text(raw, 'body') : text(raw, 'caption'))?.trim() ?? '';
  if (media === undefined && words === '') return { kind: 'ignored', why: 'notAMessage' };
  const quoted = text(raw, 'quotedStanzaID');
  return {
    kind: 'said',
    id: key,
    sender,
    at: new Date(seconds * 1000),
    body: media === undefined || words !== '' ? { kind: 'text', text: words } : { kind: 'media', media },
    ...(quoted !== null && { quoted }),
  };
}

/** Reads the event `vote_update`. With several titles chosen the first one counts: our polls take one. */
export function parseVote(raw: unknown): ParsedVote {
  const chosen = field(raw, 'selectedOptions');
  const [poll, sender, ms] = [
    text(field(raw, 'parentMsgKey'), 'id'),
    widOf(raw, 'voter'),
    Number(field(raw, 'interractedAtTs')),
  ];
  if (!Array.isArray(chosen) || poll === null || sender === null || !isDate(ms / 1000))
    return { kind: 'ignored', why: 'shape' };
  if (chosen.length === 0) return { kind: 'ignored', why: 'withdrawn' };
  if (!PERSON.test(sender)) return { kind: 'ignored', why: 'notAChat' };
  const title = text(chosen[0], 'name');
  if (title === null) return { kind: 'ignored', why: 'shape' };
  return { kind: 'voted', id: `${poll}.${ms}`, poll, sender, at: new Date(ms), title };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown, name: string): string | null {
  const found = field(value, name);
  return typeof found === 'string' ? found : null;
}

/** An id of WhatsApp comes as text or as an object that has it. */
function widOf(value: unknown, name: string): string | null {
  return text(value, name) ?? text(field(value, name), '_serialized');
}

function isDate(seconds: number): boolean {
  return seconds > 0 && seconds < 4_102_444_800;
}
