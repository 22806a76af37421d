import type { ChatAddress } from '../../core/address.ts';
import type { Conversation, MachineName, PendingEffect } from '../../core/conversation.ts';
import { AppError } from '../../core/errors.ts';
import type { Locale } from '../../core/locale.ts';
import type { Effect } from '../machines/effects.ts';
import type { Facts } from '../machines/facts.ts';
import type { EngineDeps } from './deps.ts';
import { contextOf, type EventBody, firstSnapshot, fits, statusOf, stepped, takes } from './step.ts';
import { talks } from './talks.ts';
import { visitFacts } from './visit-facts.ts';

const RACES = 8;
/** Inbound ids remembered in a conversation, so that a repeat is dropped. */
const HEARD_KEPT = 50;

/** Events that come of themselves: nobody waits for a reply to them. */
const FOLLOWED = ['timeOver', 'visitMoved', 'visitCancelled', 'stopped'];

/** What carrying out an effect brought: news for the machine, messages that were said, and what is now known of the chat. */
export interface Done {
  readonly event?: EventBody;
  readonly messages?: readonly string[];
  readonly patient?: string;
  readonly locale?: Locale;
}

export type RunEffect = (
  pending: { id: string; effect: Effect },
  conversation: Conversation,
  at: Date,
) => Promise<Done>;

/** What a new conversation is made of. */
export interface NewTalk {
  readonly id: string;
  readonly at: ChatAddress;
  readonly patient: string | null;
  readonly branch: string | null;
  readonly locale: Locale;
  readonly machine: MachineName;
  readonly input: unknown;
  readonly appointments: readonly string[];
}

/** Loads, decides, saves and carries out: the only place that writes conversations. */
export interface Keeper {
  /** Gives an event to a conversation; a repeat of the same inbound id changes nothing. Null when there is no such conversation. `silent`: its effects without its words. */
  tell(id: string, event: EventBody, at: Date, heard?: string, silent?: boolean): Promise<Conversation | null>;
  /** Opens a conversation with its first event in one write; the same id again goes on with the one that is there. */
  begin(talk: NewTalk, event: EventBody, at: Date, heard?: string, silent?: boolean): Promise<Conversation | null>;
  /** Carries out what is still pending. */
  drain(id: string, at: Date): Promise<void>;
}

/** A conversation as it is before its first step. */
export function newConversation(talk: NewTalk, at: Date): Conversation {
  const { input, ...rest } = talk;
  const { snapshot, state } = firstSnapshot(talk.machine, input);
  return {
    ...rest,
    version: talks[talk.machine].version,
    snapshot,
    state,
    status: statusOf(talk.machine, state),
    choices: [],
    messages: [],
    openedAt: at,
    changedAt: at,
    wakeAt: snapshot.context.wakeAt === null ? null : new Date(snapshot.context.wakeAt),
    pending: [],
    heard: [],
    rev: 0,
  };
}

/** The keeper of all conversations. `run` is given the keeper, since some effects open or tell other conversations. */
export function createKeeper(deps: EngineDeps, makeRun: (keeper: Keeper) => RunEffect): Keeper {
  const { stores } = deps;

  const factsFor = async (conversation: Conversation, at: Date): Promise<Facts> => {
    const branch = conversation.branch === null ? null : await stores.branches.get(conversation.branch);
    return {
      now: at.toISOString(),
      freshId: deps.newId(),
      visits: await visitFacts(stores, conversation.appointments, conversation.locale, at),
      choices: conversation.choices,
      bookingUrl: branch?.bookingUrl ?? null,
    };
  };

  const decide = async (
    conversation: Conversation,
    event: EventBody,
    at: Date,
    silent = false,
    answered = false,
  ): Promise<Conversation | null> => {
    const facts = await factsFor(conversation, at);
    // A yes to a list, or "later" to days: no silence, but the same question once more.
    const known = !answered || takes(conversation, event, facts);
    const { conversation: next, changed } = stepped(conversation, known ? event : { type: 'notUnderstood' }, facts);
    if (!changed) return null;
    return silent ? { ...next, pending: next.pending.filter(({ effect }) => effect.type !== 'say') } : next;
  };

  const withHeard = (conversation: Conversation, heard: string | undefined): Conversation =>
    heard === undefined ? conversation : { ...conversation, heard: [...conversation.heard, heard].slice(-HEARD_KEPT) };

  const tell: Keeper['tell'] = async (id, event, at, heard, silent = false) => {
    for (let race = 0; race < RACES; race += 1) {
      const stored = await stores.conversations.get(id);
      if (stored === null) return null;
      if (heard !== undefined && stored.heard.includes(heard)) {
        await drain(id, at);
        return stored;
      }
      const conversation = await spoken(stored);
      if (!fits(conversation)) return restart(conversation, event, at, heard);
      const next = await decide(conversation, event, at, silent, heard !== undefined);
      if (next === null && heard === undefined) return conversation;
      const saved = await stores.conversations.save(withHeard(next ?? conversation, heard));
      if (saved !== null) {
        deps.crash?.('conversation:saved');
        await drain(id, at);
        return saved;
      }
    }
    throw new AppError('conflict', 'a conversation was written by others all the time');
  };

  /** An honest restart: the machine that wrote the snapshot is not the one of today (spec: architecture.md, machine). */
  const restart = async (
    conversation: Conversation,
    event: EventBody,
    at: Date,
    heard?: string,
  ): Promise<Conversation | null> => {
    deps.log.warn('conversation.restarted', { conversation: conversation.id, machine: conversation.machine });
    const effect: Effect = { type: 'say', content: { key: 'conversations.restarted', values: {} } };
    const closed: Conversation = {
      ...conversation,
      state: 'restarted',
      status: 'closed',
      outcome: 'restarted',
      choices: [],
      wakeAt: null,
      changedAt: at,
      pending: FOLLOWED.includes(event.type)
        ? conversation.pending
        : [...conversation.pending, { id: `${conversation.id}:${conversation.rev + 1}:0`, effect }],
    };
    const saved = await stores.conversations.save(withHeard(closed, heard));
    await drain(conversation.id, at);
    return saved;
  };

  /** The language chosen since. */
  const spoken = async (conversation: Conversation): Promise<Conversation> => {
    const patient = conversation.patient === null ? null : await stores.patients.get(conversation.patient);
    return patient?.chosenLocale === undefined ? conversation : { ...conversation, locale: patient.chosenLocale };
  };

  const begin: Keeper['begin'] = async (talk, event, at, heard, silent = false) => {
    const first = newConversation(talk, at);
    // Effects of the first step carry rev 0, so that those of the next step have ids of their own.
    const next = (await decide({ ...first, rev: -1 }, event, at, silent)) ?? first;
    await stores.conversations.open(withHeard({ ...next, rev: 0 }, heard));
    deps.crash?.('conversation:saved');
    const stored = await stores.conversations.get(talk.id);
    if (stored !== null && heard !== undefined && !stored.heard.includes(heard))
      return tell(talk.id, event, at, heard, silent);
    await drain(talk.id, at);
    return stored;
  };

  const drain: Keeper['drain'] = async (id, at) => {
    for (;;) {
      const conversation = await stores.conversations.get(id);
      if (conversation === null || conversation.pending.length === 0) return;
      await carryOut(conversation, at);
    }
  };

  /** Carries effects out in order until one brings news, then strikes off what is done and steps on, in one write. */
  const carryOut = async (conversation: Conversation, at: Date): Promise<void> => {
    let known = conversation;
    const done: string[] = [];
    let news: EventBody | undefined;
    for (const pending of conversation.pending) {
      const result = await run({ id: pending.id, effect: asEffect(pending) }, known, at);
      done.push(pending.id);
      known = {
        ...known,
        messages: [...known.messages, ...(result.messages ?? [])],
        patient: result.patient ?? known.patient,
        locale: result.locale ?? known.locale,
      };
      news = result.event;
      if (news !== undefined) break;
    }
    deps.crash?.('effects:done');
    await strikeOff(conversation.id, known, done, news, at);
  };

  const strikeOff = async (
    id: string,
    known: Conversation,
    done: readonly string[],
    news: EventBody | undefined,
    at: Date,
  ): Promise<void> => {
    for (let race = 0; race < RACES; race += 1) {
      const stored = await stores.conversations.get(id);
      if (stored === null) return;
      if (!stored.pending.some((pending) => done.includes(pending.id))) return;
      const struck: Conversation = {
        ...stored,
        patient: known.patient,
        locale: known.locale,
        messages: [...new Set([...stored.messages, ...known.messages])],
        pending: stored.pending.filter((pending) => !done.includes(pending.id)),
      };
      const next = news === undefined || !fits(struck) ? null : await decide(struck, news, at);
      if ((await stores.conversations.save(next ?? struck)) !== null) return;
    }
    throw new AppError('conflict', 'a conversation was written by others all the time');
  };

  const keeper: Keeper = { tell, begin, drain };
  const run = makeRun(keeper);
  return keeper;
}

/** The context of a conversation's machine, as one of its fields. */
export function remembered(conversation: Conversation, field: string): unknown {
  return contextOf(conversation)[field];
}

function asEffect(pending: PendingEffect): Effect {
  return pending.effect as Effect;
}
