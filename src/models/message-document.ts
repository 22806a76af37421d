import { chatKey } from '../core/address.ts';
import { type Message, type MessageState, type NewMessage, subjectKey } from '../core/message.ts';
import { collectionSchema, type Keyed, knownFields, partSchema } from './schema.ts';

/** A row of the outbox as stored, with what it is looked for by. */
export interface MessageDocument extends Omit<Message, 'id'>, Keyed {
  /** `a:ID` or `p:ID` of the subject. */
  readonly about: string | null;
  /** The subject's appointment and those that it speaks for too. */
  readonly appointments: readonly string[];
  /** 0: replies, alerts and staff messages, which go first; 1: scenarios. */
  readonly turn: 0 | 1;
  /** The chat that it was handed to. */
  readonly chat?: string;
  /** When the present state began. */
  readonly stateAt: Date;
  /** Money is still to settle. */
  readonly owing?: true;
}

/** States of a message that was accepted by a channel. */
export const SENT: readonly MessageState[] = ['sent', 'delivered', 'read'];

/** Partial indexes hold only rows with a look ahead or a conversation; queries name the same bounds to be served. */
export const ANY_LOOK = new Date(0);

/** The outbox, one document a message. */
export const messageSchema = collectionSchema<MessageDocument>('messages', {
  key: String,
  kind: String,
  scenario: String,
  subject: partSchema({ appointment: String, patient: String }),
  step: Number,
  version: Number,
  also: [String],
  named: [String],
  patient: String,
  branch: String,
  state: String,
  reason: String,
  corrects: String,
  waiting: String,
  woken: Boolean,
  groupedIn: String,
  dueAt: Date,
  lookAt: Date,
  latestAt: Date,
  channel: String,
  to: String,
  locale: String,
  content: {},
  text: String,
  choices: [partSchema({ id: String, title: String, asks: String })],
  price: Number,
  currency: String,
  attempts: [
    partSchema({
      id: String,
      channel: String,
      to: String,
      price: Number,
      at: Date,
      result: String,
      providerId: String,
    }),
  ],
  refusedOn: [String],
  tried: [partSchema({ channel: String, used: Boolean, reason: String })],
  timeline: [partSchema({ status: String, at: Date, channel: String, detail: String })],
  conversation: String,
  unsettled: String,
  fence: Number,
  leaseOwner: String,
  leaseUntilMs: Number,
  rev: Number,
  createdAt: Date,
  sentAt: Date,
  unknownRetries: Number,
  resentAs: String,
  about: String,
  appointments: [String],
  turn: Number,
  chat: String,
  stateAt: Date,
  owing: Boolean,
});
messageSchema.index({ key: 1 }, { unique: true });
messageSchema.index({ turn: 1, lookAt: 1, _id: 1 }, { partialFilterExpression: { lookAt: { $gt: ANY_LOOK } } });
messageSchema.index(
  { turn: 1, branch: 1, lookAt: 1, _id: 1 },
  { partialFilterExpression: { lookAt: { $gt: ANY_LOOK } } },
);
messageSchema.index({ about: 1, scenario: 1 });
messageSchema.index({ appointments: 1, createdAt: -1, _id: -1 });
messageSchema.index({ patient: 1, createdAt: -1, _id: -1 });
messageSchema.index({ named: 1 }, { sparse: true });
messageSchema.index({ branch: 1, createdAt: -1, _id: -1 });
messageSchema.index({ createdAt: -1, _id: -1 });
messageSchema.index({ scenario: 1, state: 1, _id: 1 });
messageSchema.index({ scenario: 1, dueAt: 1 });
messageSchema.index({ chat: 1, sentAt: -1, _id: -1 }, { sparse: true });
messageSchema.index({ conversation: 1 }, { partialFilterExpression: { conversation: { $gt: '' } } });
messageSchema.index({ waiting: 1 }, { sparse: true });
messageSchema.index({ owing: 1 }, { sparse: true });
messageSchema.index({ 'attempts.providerId': 1 }, { sparse: true });
messageSchema.index({ 'attempts.id': 1 }, { sparse: true });

const OURS: readonly string[] = ['about', 'appointments', 'turn', 'chat', 'stateAt', 'owing'];

/** The message without what is only the store's. */
export function readMessage(stored: MessageDocument): Message {
  const fields = Object.entries(knownFields(messageSchema, stored)).filter(([name]) => !OURS.includes(name));
  return { ...(Object.fromEntries(fields) as unknown as Omit<Message, 'id'>), id: stored._id };
}

/** The document of a message; what it is looked for by follows from it. */
export function asDocument({ id, ...message }: Message): MessageDocument {
  const { subject, also, channel, to, kind } = message;
  const own = subject !== null && 'appointment' in subject ? [subject.appointment] : [];
  const handedTo = SENT.includes(message.state) && channel !== null && to !== null;
  return {
    ...message,
    _id: id,
    about: subject === null ? null : subjectKey(subject),
    appointments: [...own, ...also],
    turn: kind === 'scenario' ? 1 : 0,
    ...(handedTo && { chat: chatKey({ channel, address: to }) }),
    stateAt: message.timeline.at(-1)?.at ?? message.createdAt,
    ...(message.unsettled !== null && { owing: true }),
  };
}

/** A row as first planned. */
export function plannedMessage(row: NewMessage, id: string, now: Date): Message {
  return {
    id,
    key: row.key,
    kind: row.kind,
    scenario: row.scenario ?? null,
    subject: row.subject ?? null,
    step: row.step ?? 0,
    version: row.version ?? 0,
    also: [],
    ...(row.named !== undefined && { named: row.named }),
    ...(row.corrects !== undefined && { corrects: row.corrects }),
    patient: row.patient,
    branch: row.branch,
    state: 'planned',
    dueAt: row.dueAt,
    lookAt: row.lookAt ?? row.dueAt,
    latestAt: row.latestAt ?? null,
    channel: row.channel ?? null,
    to: row.to ?? null,
    locale: row.locale ?? null,
    content: row.content ?? null,
    text: null,
    choices: [],
    price: 0,
    currency: row.currency ?? null,
    attempts: [],
    refusedOn: [],
    tried: [],
    timeline: [{ status: 'planned', at: now }],
    conversation: row.conversation ?? null,
    unsettled: null,
    fence: 0,
    leaseOwner: null,
    leaseUntilMs: 0,
    rev: 0,
    createdAt: now,
    sentAt: null,
    unknownRetries: 0,
  };
}
