import type { Choice, Content } from '../../core/content.ts';

/** A visit as a machine sees it at the moment of an event: what it is now, and how its time reads in the patient's language. */
export interface VisitFact {
  readonly id: string;
  /** `live`: ahead and neither cancelled nor missed; `past`: its start is over; `gone`: the clinic took it away. */
  readonly state: 'live' | 'past' | 'cancelled' | 'gone';
  readonly confirmed: boolean;
  /** The count of moves: tells whether it is still at the time that was asked about. */
  readonly version: number;
  /** Such as `Tue, 1 December`, in the branch's zone. */
  readonly day: string;
  /** `HH:MM` in the branch's zone. */
  readonly time: string;
  readonly doctor: string;
  /** First name, where visits of several patients are in one question; else null. */
  readonly patient: string | null;
  /** The day on which the present status began, as words. */
  readonly since: string;
  /** Opens a filled-in calendar entry. */
  readonly calendarUrl: string;
}

/** What the engine looked up for one event. Plain JSON; a machine knows nothing else of the world. */
export interface Facts {
  /** ISO instant. */
  readonly now: string;
  /** An id that nothing has yet, for a document that the step makes. */
  readonly freshId: string;
  /** The visits of this conversation, by start. */
  readonly visits: readonly VisitFact[];
  /** What is offered at the moment. */
  readonly choices: readonly Choice[];
  readonly bookingUrl: string | null;
}

/** Every event carries the facts of its moment. */
export type WithFacts<E> = E & { readonly facts: Facts };

/** Events that come to every machine. `notUnderstood`: words that answer nothing; `personAsked`: the patient wants a human. */
export type CommonEvent =
  | { readonly type: 'notUnderstood' }
  | { readonly type: 'personAsked' }
  | { readonly type: 'timeOver' }
  | { readonly type: 'visitMoved' }
  | { readonly type: 'visitCancelled' }
  | { readonly type: 'stopped' };

/** What every machine remembers: whether its question was explained once, and until when (ISO) it waits. */
export interface CommonContext {
  readonly clarified: boolean;
  readonly wakeAt: string | null;
}

/** How a state looks from outside. `outcome` is what the conversation came to when it stays there. */
export interface StateMeta {
  readonly status: 'open' | 'closed' | 'handedOver';
  readonly outcome?: string;
}

/** One line that names a visit, as a paragraph of a message. */
export function visitLine(visit: VisitFact): Content {
  const { day, time, doctor, patient } = visit;
  return patient === null
    ? { key: 'conversations.visit.line', values: { day, time, doctor } }
    : { key: 'conversations.visit.lineOfPatient', values: { day, time, doctor, patient } };
}

/** Visits that can still be confirmed, moved or cancelled. */
export function liveVisits(facts: Facts): readonly VisitFact[] {
  return facts.visits.filter((visit) => visit.state === 'live');
}

/** The moment `hours` after the event, ISO. */
export function hoursAfter(facts: Facts, hours: number): string {
  return new Date(Date.parse(facts.now) + hours * 3_600_000).toISOString();
}
