import type { ChatAddress } from './address.ts';
import type { Choice, Content } from './content.ts';
import type { Locale } from './locale.ts';
import type { Opening } from './opening.ts';
import type { Page, PageRequest } from './page.ts';

export const MACHINES = ['confirmation', 'rebooking', 'survey', 'offer', 'linking', 'visits', 'inbox'] as const;
export type MachineName = (typeof MACHINES)[number];
export type ConversationStatus = 'open' | 'handedOver' | 'closed';

/** An effect that was decided and not yet carried out; carried out under its id, so that a repeat is harmless. */
export interface PendingEffect {
  readonly id: string;
  readonly effect: Readonly<{ type: string }> & Readonly<Record<string, unknown>>;
}

/** One open question, or chain of questions, to one chat address, as stored after every step. */
export interface Conversation {
  readonly id: string;
  readonly at: ChatAddress;
  readonly patient: string | null;
  readonly branch: string | null;
  readonly locale: Locale;
  readonly machine: MachineName;
  /** Version of the machine that wrote the snapshot. */
  readonly version: number;
  readonly snapshot: unknown;
  /** The state's name as shown in the API. */
  readonly state: string;
  readonly status: ConversationStatus;
  readonly outcome?: string;
  /** Appointments that the question is about. */
  readonly appointments: readonly string[];
  /** What is offered now: the newest question's choices. */
  readonly choices: readonly Choice[];
  /** Our message ids that asked or said something in it, newest last. */
  readonly messages: readonly string[];
  readonly openedAt: Date;
  readonly changedAt: Date;
  /** When the machine is to hear that time is over; null when it waits for nothing. */
  readonly wakeAt: Date | null;
  readonly pending: readonly PendingEffect[];
  /** Inbound messages that took effect here, so that a repeat is dropped. */
  readonly heard: readonly string[];
  /** Grows with every save; a lost race is retried from a fresh load. */
  readonly rev: number;
}

export interface ConversationQuery {
  readonly patient?: string;
  readonly branch?: string;
  readonly status?: ConversationStatus;
}

export interface ConversationStore {
  /** Stores a new one; the same id again changes nothing. */
  open(conversation: Conversation): Promise<void>;
  get(id: string): Promise<Conversation | null>;
  /** Saves if the stored rev is `conversation.rev` and sets rev + 1; null when somebody else was first. */
  save(conversation: Conversation): Promise<Conversation | null>;
  /** Removes one whose question never went out. */
  withdraw(id: string): Promise<void>;
  /** Newest first: open and handed over, and closed ones changed since `closedSince`. */
  ofChat(at: ChatAddress, closedSince: Date): Promise<readonly Conversation[]>;
  /** Open questions about an appointment. */
  openAbout(appointment: string): Promise<readonly Conversation[]>;
  list(query: ConversationQuery, page: PageRequest): Promise<Page<Conversation>>;
  nextWakeAt(): Promise<Date | null>;
  due(now: Date, limit: number): Promise<readonly Conversation[]>;
  /** Those with effects not carried out yet. */
  withPending(limit: number): Promise<readonly Conversation[]>;
  /** How conversations about a scenario's messages ended, for the cards: outcome → ids of appointments or conversation. */
  outcomes(ids: readonly string[]): Promise<readonly { id: string; outcome: string | null; answered: boolean }[]>;
}

/** What delivery tells the conversations of a message that asks something. */
export interface Questions {
  /** Before the send: stores the conversation under `opening.id`, so that an answer finds it. Harmless to repeat; an open one goes on. */
  open(question: {
    message: string;
    at: ChatAddress;
    patient: string;
    branch: string;
    locale: Locale;
    opening: Opening;
    choices: readonly Choice[];
    content: Content;
  }): Promise<void>;
  /** The message was refused on this address: the question was never asked there. */
  withdraw(id: string): Promise<void>;
}

/** What staff do in the inbox. */
export interface Inbox {
  /** Sends words of staff to the patient; the bot falls silent until it is given back. `notFound` when there is no such conversation. */
  answer(id: string, text: string, by: string): Promise<Conversation | null>;
  returnToBot(id: string): Promise<Conversation | null>;
}
