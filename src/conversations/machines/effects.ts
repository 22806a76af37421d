import type { Content } from '../../core/content.ts';
import type { Locale } from '../../core/locale.ts';
import type { OpeningContexts, RebookingContext } from '../../core/opening.ts';

/** What a booking must fit, and what it makes: passed along so that an effect needs no machine to be carried out. */
export interface Wish extends RebookingContext {
  /** Further appointments to be moved after this one. */
  readonly further: readonly string[];
}

/** A free slot as offered: its title is already in the patient's language. */
export interface SlotFact {
  readonly id: string;
  readonly doctor: string;
  readonly doctorName: string;
  /** ISO instants. */
  readonly start: string;
  readonly end: string;
  readonly day: string;
  readonly time: string;
}

/** What an alert to the head says beside the visit: a score, words, a wish to be called. */
export interface AlertNews {
  readonly kind: 'score' | 'comment' | 'contact' | 'laterScore';
  readonly score: number;
  readonly words: string | null;
}

/** Everything a machine can ask for. Those that bring news come back as an event, named beside them. */
export interface EffectParams {
  readonly say: { readonly content: Content };
  readonly setStatus: {
    readonly appointments: readonly string[];
    readonly step: 'confirm' | 'cancel';
    readonly reason: string | null;
  };
  /** → `daysLoaded` */
  readonly loadDays: { readonly wish: Wish; readonly after: string | null };
  /** → `slotsLoaded` */
  readonly loadSlots: { readonly wish: Wish; readonly day: string };
  /** → `booked`, `slotTaken` or `visitGone` */
  readonly bookSlot: { readonly wish: Wish; readonly slot: SlotFact; readonly id: string };
  readonly storeScore: {
    readonly survey: string;
    readonly score: number;
    readonly appointment: string;
    readonly doctor: string;
    readonly services: readonly string[];
  };
  readonly storeComment: { readonly survey: string; readonly words: string };
  readonly requestContact: { readonly survey: string };
  readonly alert: {
    readonly survey: string;
    readonly appointment: string;
    readonly news: AlertNews;
    readonly to: { readonly email?: string; readonly telegram?: string };
    readonly showPhone: boolean;
  };
  readonly addTask: {
    readonly kind: 'callMe' | 'changedInChat' | 'linkNotFound' | 'contactRequested';
    readonly appointment: string | null;
    readonly key: string;
  };
  readonly setLocale: { readonly locale: Locale };
  /** → `linked`, `staffLinked` or `tokenRefused` */
  readonly useToken: { readonly hash: string };
  /** → `linked` or `nobodyFound` */
  readonly matchPhone: { readonly phone: string };
  readonly setConsent: { readonly messages?: boolean; readonly advertising?: boolean };
  /** Opens rebooking in this chat, under `id`, for the first of these; the others follow when it is booked. */
  readonly rebookNext: { readonly id: string; readonly appointments: readonly string[] };
  /** Opens rebooking for the offer, with what the patient last came for. */
  readonly openOffer: { readonly id: string; readonly offer: OpeningContexts['offer'] };
  /** Gives the answer to the confirmation question of a visit, which is opened if it was never asked. */
  readonly answerVisit: { readonly appointment: string; readonly choice: string };
  /** Gives held words to another conversation of this chat. */
  readonly passOn: { readonly conversation: string; readonly text: string };
  /** A person takes over the chat: an `inbox` conversation is opened unless one is there. */
  readonly handOver: { readonly id: string };
  /** Tells the branch's staff group that a person is to answer, and why; nothing where there is no group. */
  readonly callStaff: { readonly reason: CallReason };
  /** Tells the staff group that the bot has the chat again: given back by staff, or after 12 hours. */
  readonly dismissStaff: { readonly by: 'staff' | 'time' };
}

/** Why a person is to answer. `question`: a dialogue of the bot's went no further; `staff`: they took it over themselves. */
export type CallReason = 'asked' | 'booking' | 'unclear' | 'media' | 'question' | 'staff';

export type EffectType = keyof EffectParams;
export type Effect = { [T in EffectType]: { readonly type: T } & EffectParams[T] }[EffectType];

type ActionTable = { readonly [T in EffectType]: (args: unknown, params: EffectParams[T]) => void };
const asData = (): void => undefined;

/** The actions that machines are set up with: nothing happens in them, the engine takes them as data. */
export const effectActions: ActionTable = {
  say: asData,
  setStatus: asData,
  loadDays: asData,
  loadSlots: asData,
  bookSlot: asData,
  storeScore: asData,
  storeComment: asData,
  requestContact: asData,
  alert: asData,
  addTask: asData,
  setLocale: asData,
  useToken: asData,
  matchPhone: asData,
  setConsent: asData,
  rebookNext: asData,
  openOffer: asData,
  answerVisit: asData,
  passOn: asData,
  handOver: asData,
  callStaff: asData,
  dismissStaff: asData,
};

/** True for the actions of XState that are effects of ours. */
export function isEffectType(type: string): type is EffectType {
  return Object.hasOwn(effectActions, type);
}
