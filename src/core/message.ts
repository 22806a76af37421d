import type { ChatAddress } from './address.ts';
import type { ChannelName } from './channel-name.ts';
import type { Content, RenderedChoice } from './content.ts';
import type { Locale } from './locale.ts';
import type { Opening } from './opening.ts';
import type { Page, PageRequest } from './page.ts';
import type { ChannelTried, Reason } from './reason.ts';
import type { ScenarioKey } from './scenario.ts';

export type MessageKind = 'scenario' | 'reply' | 'alert' | 'staff';

/**
 * Life of a message: planned → claimed (lease, fence) → sending (the attempt is written before the network call) → sent →
 * delivered → read; side exits cancelled, skipped(reason), expired, failed, unknown (bytes left, no answer).
 */
export type MessageState =
  | 'planned'
  | 'claimed'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'cancelled'
  | 'skipped'
  | 'expired'
  | 'failed'
  | 'unknown';

/** States that the API shows: claimed as `queued`, expired as `skipped` with `tooLate`. */
export type ShownStatus =
  | 'planned'
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'failed'
  | 'skipped'
  | 'cancelled'
  | 'unknown';

/** The status that the API shows for a state. */
export function shownStatus(state: MessageState): ShownStatus {
  if (state === 'claimed') return 'queued';
  return state === 'expired' ? 'skipped' : state;
}

export type Subject = { readonly appointment: string } | { readonly patient: string };

/** `a:ID` or `p:ID`, as used in keys and indexes. */
export function subjectKey(subject: Subject): string {
  return 'appointment' in subject ? `a:${subject.appointment}` : `p:${subject.patient}`;
}

export interface TimelineEntry {
  readonly status: ShownStatus;
  readonly at: Date;
  readonly channel?: ChannelName;
  /** A code such as a reason or refusal; never words of a patient. */
  readonly detail?: string;
}

/** One try on one channel. `result` is missing while it is under way. */
export interface Attempt {
  readonly id: string;
  readonly channel: ChannelName;
  readonly to: string;
  readonly price: number;
  readonly at: Date;
  readonly result?: 'sent' | 'retry' | 'refused' | 'unknown';
  readonly providerId?: string;
}

/**
 * One row of the outbox. A scenario message is planned as ids only and rendered at sending; replies and alerts carry their
 * content and address. Whole documents are written by compare-and-set on (state, fence, rev).
 */
export interface Message {
  readonly id: string;
  /** Unique: scenario|subject|step|version for scenarios; conversation, step and effect for replies; survey and step for alerts. */
  readonly key: string;
  readonly kind: MessageKind;
  readonly scenario: ScenarioKey | null;
  readonly subject: Subject | null;
  readonly step: number;
  readonly version: number;
  /** Further appointments that this message speaks for. */
  readonly also: readonly string[];
  /** Staff messages: patients whose names stand in the text, so that erasing one of them erases it. */
  readonly named?: readonly string[];
  readonly patient: string | null;
  readonly branch: string | null;
  readonly state: MessageState;
  readonly reason?: Reason;
  /** A reply that takes back what this scenario message said of the subject; its words are made when it leaves. */
  readonly corrects?: string;
  /** What a planned row waits for when it was looked at and held. */
  readonly waiting?: Reason;
  /** Something that rows wait for ended while this one was being worked on: what it waits for next may be over by now. */
  readonly woken?: boolean;
  /** The message of a group that speaks for this one too. */
  readonly groupedIn?: string;
  /** The planned moment T. */
  readonly dueAt: Date;
  /** The next look, at T or later; null when nothing is left to look at. */
  readonly lookAt: Date | null;
  /** Never sent at or after this moment. */
  readonly latestAt: Date | null;
  readonly channel: ChannelName | null;
  readonly to: string | null;
  readonly locale: Locale | null;
  /** Replies, alerts and staff messages: what to say. Scenario messages: null until sent. */
  readonly content: Content | null;
  readonly text: string | null;
  readonly choices: readonly RenderedChoice[];
  readonly price: number;
  readonly currency: string | null;
  readonly attempts: readonly Attempt[];
  readonly refusedOn: readonly ChannelName[];
  readonly tried: readonly ChannelTried[];
  readonly timeline: readonly TimelineEntry[];
  /** The conversation whose question or answer this is. */
  readonly conversation: string | null;
  /** Money still to settle after the state was written; a restart goes on with it. */
  readonly unsettled: 'charge' | 'release' | 'refund' | null;
  /** Grows with every claim and every theft of a claim; a stale owner's write matches nothing. */
  readonly fence: number;
  readonly leaseOwner: string | null;
  /** Wall time in ms until which the claim holds. */
  readonly leaseUntilMs: number;
  readonly rev: number;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
  /** How often an `unknown` outcome was sent again. */
  readonly unknownRetries: number;
  /** Set when staff resolved or re-sent it. */
  readonly resentAs?: string;
}

/** A row to be planned; the rest takes its first value. The key decides whether it is new. */
export interface NewMessage {
  readonly key: string;
  readonly kind: MessageKind;
  readonly scenario?: ScenarioKey;
  readonly subject?: Subject;
  readonly step?: number;
  readonly version?: number;
  readonly named?: readonly string[];
  readonly corrects?: string;
  readonly patient: string | null;
  readonly branch: string | null;
  readonly currency?: string;
  readonly dueAt: Date;
  readonly lookAt?: Date;
  readonly latestAt?: Date;
  readonly channel?: ChannelName;
  readonly to?: string;
  readonly locale?: Locale;
  readonly content?: Content;
  readonly conversation?: string;
}

export interface MessageQuery {
  readonly branch?: string;
  readonly patient?: string;
  /** Matches the subject and `also`. */
  readonly appointment?: string;
  readonly scenario?: ScenarioKey;
  readonly channel?: ChannelName;
  readonly status?: ShownStatus;
  /** dueAt range [from, to). */
  readonly from?: Date;
  readonly to?: Date;
  readonly kind?: MessageKind;
  readonly conversation?: string;
}

/** Counts of a scenario since it was first switched on. */
export interface ScenarioCounts {
  readonly sent: number;
  readonly delivered: number;
  readonly read: number;
  readonly failed: number;
  readonly skipped: Readonly<Partial<Record<Reason, number>>>;
}

export interface OutboxStore {
  /** Stores rows whose key is new; the others stand as they are. Returns the rows as stored now, in order. */
  plan(rows: readonly NewMessage[], now: Date): Promise<readonly Message[]>;
  get(id: string): Promise<Message | null>;
  byKeys(keys: readonly string[]): Promise<readonly Message[]>;
  /** Every row of a subject, newest first. */
  ofSubject(subject: Subject): Promise<readonly Message[]>;
  /** Rows of a scenario of these appointments. */
  ofAppointments(scenario: ScenarioKey, appointments: readonly string[]): Promise<readonly Message[]>;
  list(query: MessageQuery, page: PageRequest): Promise<Page<Message>>;
  /** Newest messages handed to a chat (sent or better, replies too), newest first. */
  ofChat(channel: ChannelName, to: string, limit: number): Promise<readonly Message[]>;
  byProviderId(channel: ChannelName, providerId: string): Promise<Message | null>;
  byAttempt(attemptId: string): Promise<Message | null>;
  /** Ends a row that cannot be read or written as a whole, touching nothing else of it; `state` is what it ends as. */
  setAside(row: Pick<Message, 'id' | 'fence'>, state: 'failed' | 'unknown', at: Date): Promise<void>;
  /**
   * Claims rows with `lookAt` ≤ now: replies, alerts and staff messages first, then by `lookAt`, then by id. Planned rows, and
   * rows in other states whose look is due (sending: ask what became of it; unknown: send again), whose lease is over.
   */
  claim(query: {
    now: Date;
    wallMs: number;
    owner: string;
    leaseMs: number;
    limit: number;
    /** Rows of this branch only. */
    branch?: string;
    kinds?: readonly MessageKind[];
  }): Promise<readonly Message[]>;
  /** Writes `next` if the row still is as `seen` in state, fence and rev; null when somebody else was first. Sets rev. */
  save(seen: Message, next: Message): Promise<Message | null>;
  /** The earliest `lookAt` of these kinds. */
  nextLookAt(kinds: readonly MessageKind[]): Promise<Date | null>;
  /**
   * Rows that wait for this reason are looked at from `at` on. Those that are being worked on, in whatever process, and then
   * come to wait are looked at once more: what they were decided by may be older than the call.
   */
  wake(waiting: Reason, at: Date, branch?: string): Promise<void>;
  /** Unsent (planned) rows of a scenario of a branch (null: any branch), a page at a time by id. */
  unsent(
    scenario: ScenarioKey,
    branch: string | null,
    after: string | null,
    limit: number,
  ): Promise<readonly Message[]>;
  /** What waits to be said to a member of staff in this chat is never said: the chat was unlinked. */
  cancelStaff(chat: ChatAddress, at: Date): Promise<void>;
  /** Gives back all claims of other owners; only for a store that one process owns. */
  releaseClaims(owner: string): Promise<void>;
  /** Rows with money left to settle. */
  unsettled(limit: number): Promise<readonly Message[]>;
  /** The newest warming message (sent or better) to a patient, for the warm-up gate. */
  warmedAt(patient: string): Promise<Date | null>;
  counts(scenario: ScenarioKey, branch: string | null, since: Date): Promise<ScenarioCounts>;
  /** Messages of a scenario due in [from, to): sent ones (`sent`), or still planned (`planned`). */
  countDue(
    scenario: ScenarioKey,
    branch: string | null,
    range: { from: Date; to: Date },
    what: 'sent' | 'planned',
  ): Promise<number>;
  /** Subjects (appointments with those they speak for, or patients) of sent messages of a scenario since a moment, at most `limit`. */
  sentSubjects(
    scenario: ScenarioKey,
    branch: string | null,
    since: Date,
    limit: number,
  ): Promise<
    readonly {
      message: string;
      appointments: readonly string[];
      patient: string | null;
      /** The conversation that it opened. */
      conversation: string | null;
      sentAt: Date;
    }[]
  >;
}

/** Says what becomes of a due scenario message, on fresh data; the only thing that lets a scenario message out. */
export type Verdict =
  | {
      readonly do: 'send';
      readonly channel: ChannelName;
      readonly to: string;
      readonly price: number;
      readonly currency: string;
      readonly locale: Locale;
      readonly content: Content;
      readonly also: readonly string[];
      readonly patient: string;
      readonly branch: string;
      readonly opening: Opening | null;
      readonly tried: readonly ChannelTried[];
      readonly latestAt: Date;
    }
  | { readonly do: 'wait'; readonly until: Date; readonly reason?: Reason; readonly tried: readonly ChannelTried[] }
  | {
      readonly do: 'skip';
      readonly reason: Reason;
      readonly tried: readonly ChannelTried[];
      readonly groupedIn?: string;
    }
  /** Every channel has refused it for good. */
  | { readonly do: 'fail'; readonly tried: readonly ChannelTried[] };

export interface Decider {
  decide(message: Message, now: Date): Promise<Verdict>;
  /** After a scenario message was handed over: what follows from it (second request, birthday discount). May be repeated. */
  sent(message: Message, now: Date): Promise<void>;
  /**
   * Replies that take back what a scenario message says that has left, or may have, and was overtaken by a change of its visit.
   * Mostly none; the same ones when asked again.
   */
  corrections(message: Message, now: Date): Promise<readonly NewMessage[]>;
  /** What such a reply says now; null when nothing is to be taken back any more. */
  correction(reply: Message, now: Date): Promise<Content | null>;
}

/** How an `unknown` outcome of a scenario is treated (spec: reliability.md B3). */
export type Repeatable = 'atMostOnce' | 'atLeastOnce';

/** Puts replies, alerts and staff messages into the outbox and sees to it that they leave at once. */
export interface Sender {
  enqueue(rows: readonly NewMessage[]): Promise<void>;
  /** Resolves when all replies, alerts and staff messages that are due have been tried. */
  flush(): Promise<void>;
}
