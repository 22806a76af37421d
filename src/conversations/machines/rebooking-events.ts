import type { SlotFact, Wish } from './effects.ts';
import type { CommonContext, CommonEvent, WithFacts } from './facts.ts';

/** What the search for a new time remembers. */
export interface RebookingContext extends CommonContext {
  readonly wish: Wish;
  /** All free slots of the chosen day, and the first one shown. */
  readonly slots: readonly SlotFact[];
  readonly from: number;
  readonly slot: SlotFact | null;
  /** The appointment that was moved or made. */
  readonly booked: string | null;
  /** The last day that was offered; "other" goes on behind it. */
  readonly lastDay: string | null;
  readonly day: string | null;
  /** The days offered last, with their titles. */
  readonly days: readonly DayFact[];
}

/** A day with free slots. */
export interface DayFact {
  readonly day: string;
  readonly title: string;
}

/** What can happen while a new time is looked for. */
export type RebookingEvent = WithFacts<
  | { readonly type: 'opened' }
  | { readonly type: 'daysAsked' }
  | { readonly type: 'daysLoaded'; readonly days: readonly DayFact[]; readonly again: boolean }
  | { readonly type: 'dayChosen'; readonly day: string }
  | { readonly type: 'otherDayAsked' }
  | { readonly type: 'slotsLoaded'; readonly slots: readonly SlotFact[] }
  | { readonly type: 'slotChosen'; readonly slot: string }
  | { readonly type: 'laterAsked' }
  | { readonly type: 'backAsked' }
  | { readonly type: 'yes' }
  | { readonly type: 'no' }
  | { readonly type: 'callAsked' }
  | { readonly type: 'booked'; readonly appointment: string }
  | { readonly type: 'slotTaken' }
  | { readonly type: 'visitGone' }
  | CommonEvent
>;
