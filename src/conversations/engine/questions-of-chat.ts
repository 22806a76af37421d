import type { ChatAddress } from '../../core/address.ts';
import type { Choice } from '../../core/content.ts';
import type { Conversation } from '../../core/conversation.ts';
import { localDay } from '../../core/day-choices.ts';
import type { Locale } from '../../core/locale.ts';
import type { Message } from '../../core/message.ts';
import type { ScenarioKey } from '../../core/scenario.ts';
import type { Question } from '../matching.ts';
import type { EngineDeps } from './deps.ts';
import { type NewTalk, newConversation, remembered } from './keeper.ts';
import { confirmationOf } from './openings.ts';
import { localTime } from './visit-facts.ts';

/** Newest messages of a chat that are looked at for visits they told of. */
const MESSAGES_LOOKED_AT = 30;
/** An answer to these counts as one to the visit's confirmation question, asked or not (spec: conversations.md). */
const TELL_OF_A_VISIT: readonly ScenarioKey[] = ['details', 'reminder', 'confirmation'];

/** Everything in a chat that a reply may belong to. */
export interface ChatQuestions {
  readonly questions: readonly Question[];
  /** Questions that were never asked as such: opened when they are answered. */
  readonly unasked: ReadonlyMap<string, NewTalk>;
  /** The question of one of our messages; null when it has none. */
  ownerOf(message: string): Promise<string | null>;
}

/** Gathers the questions of a chat: its conversations, and the visits that its newest messages told of. */
export async function questionsOfChat(
  deps: Pick<EngineDeps, 'stores' | 'render'>,
  at: ChatAddress,
  conversations: readonly Conversation[],
  locale: Locale,
  now: Date,
): Promise<ChatQuestions> {
  const { stores } = deps;
  const told = (await stores.outbox.ofChat(at.channel, at.address, MESSAGES_LOOKED_AT)).filter(tellsOfAVisit);
  const unasked = new Map<string, NewTalk>();
  const spokenAt = new Map<string, number>();
  const ownerOfAppointment = new Map<string, string>();

  const findOwner = async (appointment: string, also: readonly string[]): Promise<string | null> => {
    const known = ownerOfAppointment.get(appointment);
    if (known !== undefined) return known;
    const talk = await confirmationOf(deps, appointment, { at, locale }, now, also);
    if (talk === null) return null;
    const visit = await stores.appointments.get(appointment);
    const current = conversations.find(
      (conversation) =>
        conversation.id === talk.id ||
        (conversation.machine === 'confirmation' && askedVersion(conversation, appointment) === visit?.version),
    );
    const over = visit === null || visit.start <= now;
    const id = current?.id ?? (over ? null : talk.id);
    if (id === null) return null;
    if (current === undefined) unasked.set(talk.id, talk);
    ownerOfAppointment.set(appointment, id);
    return id;
  };

  const noteMention = (id: string, at: Date | null): void => {
    spokenAt.set(id, Math.max(spokenAt.get(id) ?? 0, at?.getTime() ?? 0));
  };
  for (const message of told) {
    const appointment = subjectOf(message);
    if (appointment === null) continue;
    const owner = await findOwner(appointment, message.also);
    if (owner !== null) noteMention(owner, message.sentAt);
  }
  // A visit booked or moved in chat can be answered like one that a message told of.
  for (const conversation of conversations) {
    const booked = conversation.outcome === 'booked' ? remembered(conversation, 'booked') : null;
    if (typeof booked !== 'string') continue;
    const owner = await findOwner(booked, []);
    if (owner !== null) noteMention(owner, conversation.changedAt);
  }

  const asked = await Promise.all(
    conversations.map(async (conversation) => ({
      ...(await questionOf(deps, conversation, now)),
      askedAtMs: Math.max(conversation.changedAt.getTime(), spokenAt.get(conversation.id) ?? 0),
    })),
  );
  const never = await Promise.all(
    [...unasked.values()].map(async (talk) => ({
      ...(await questionOf(deps, newConversation(talk, now), now)),
      // It was told, not asked: words that fit nothing are no failed answer to it.
      open: false,
      askedAtMs: spokenAt.get(talk.id) ?? 0,
    })),
  );
  return {
    questions: [...asked, ...never],
    unasked,
    async ownerOf(id) {
      const direct = conversations.find((conversation) => conversation.messages.includes(id));
      if (direct !== undefined && direct.machine !== 'inbox') return direct.id;
      const message = await stores.outbox.get(id);
      if (message === null) return direct?.id ?? null;
      const said = conversations.find((conversation) => conversation.id === message.conversation);
      if (said !== undefined) return said.id;
      const appointment = tellsOfAVisit(message) ? subjectOf(message) : null;
      return appointment === null ? null : findOwner(appointment, message.also);
    },
  };
}

async function questionOf(
  { stores, render }: Pick<EngineDeps, 'stores' | 'render'>,
  conversation: Conversation,
  now: Date,
): Promise<Question> {
  const branch = conversation.branch === null ? null : await stores.branches.get(conversation.branch);
  const zone = branch?.timezone ?? 'UTC';
  const visits =
    conversation.machine === 'confirmation' ? await stores.appointments.getMany(conversation.appointments) : [];
  const until = remembered(conversation, 'listensUntil');
  const scored = ['thanked', 'praised', 'scored', 'commented'].includes(conversation.state);
  return {
    id: conversation.id,
    machine: conversation.machine,
    state: conversation.state,
    open: conversation.status === 'open',
    askedAtMs: conversation.changedAt.getTime(),
    choices: titled(render, conversation.choices, conversation.locale),
    visits: visits.map(({ start }) => ({ day: localDay(start, zone), time: localTime(start, zone) })),
    today: localDay(now, zone),
    over: visits.length > 0 && visits.every(({ start }) => start <= now),
    listens: scored && typeof until === 'string' && new Date(until) > now,
  };
}

/** Choices with the titles that the patient saw. */
function titled(
  render: EngineDeps['render'],
  choices: readonly Choice[],
  locale: Locale,
): readonly { readonly id: string; readonly title: string }[] {
  if (choices.length === 0) return [];
  return render({ key: 'conversations.visit.line', values: { day: '', time: '', doctor: '' }, choices }, locale)
    .choices;
}

/** The count of moves that a visit had when this confirmation asked about it. */
function askedVersion(conversation: Conversation, appointment: string): unknown {
  const versions = remembered(conversation, 'versions');
  return Array.isArray(versions) ? versions[conversation.appointments.indexOf(appointment)] : undefined;
}

function tellsOfAVisit(message: Message): boolean {
  return message.kind === 'scenario' && message.scenario !== null && TELL_OF_A_VISIT.includes(message.scenario);
}

function subjectOf({ subject }: Message): string | null {
  return subject !== null && 'appointment' in subject ? subject.appointment : null;
}
