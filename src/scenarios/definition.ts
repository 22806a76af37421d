import type { AppointmentStatus } from '../core/appointment.ts';
import type { ChannelName } from '../core/channel-name.ts';
import type { Choice, Content, Values } from '../core/content.ts';
import type { Locale } from '../core/locale.ts';
import type { Repeatable } from '../core/message.ts';
import type { Opening } from '../core/opening.ts';
import type { Reason } from '../core/reason.ts';
import type { ScenarioKey } from '../core/scenario.ts';
import type { Facts, VisitFacts } from './facts.ts';
import type { Moment } from './moment.ts';

/** How a message is told: when, on which channel, in which language, and together with which visits. */
export interface Telling {
  readonly now: Date;
  readonly channel: ChannelName;
  readonly locale: Locale;
  /** Further visits of the same contact and day that this message speaks for. */
  readonly also: readonly VisitFacts[];
  /** The words of a key in that language, for a value that is words. */
  readonly words: (key: string) => string;
}

/** What a message says beside its text. */
export interface Saying {
  /** The default text's key where it is not `scenarios.<key>.text`. */
  readonly key?: string;
  readonly values?: Values;
  readonly parts?: readonly Content[];
  /** Instead of `parts` where the branch has a text of its own. */
  readonly partsWithOwn?: readonly Content[];
  /** A line that always stands in front, the own text's too. */
  readonly opening?: string;
  readonly choices?: readonly Choice[];
}

/** A condition of one scenario; the code of the rule that fails, or null. */
export type Condition<F extends Facts> = (facts: F, now: Date, moment: Moment) => Reason | null;

/** One scenario: to whom, when and what; pure. What all scenarios share is in `rules.ts`. */
export interface ScenarioDefinition<F extends Facts = Facts> {
  readonly key: ScenarioKey;
  readonly channels: readonly ChannelName[];
  /** Statuses that it accepts; none named: every one. */
  readonly statuses: readonly AppointmentStatus[];
  /** Statuses that may still turn into an accepted one after T: looked at again. */
  readonly awaits: readonly AppointmentStatus[];
  /** Not for foreign numbers. */
  readonly domestic: boolean;
  /** One message per contact and day of visit. */
  readonly grouped: boolean;
  /** A move leaves the plan as it is (details, greeting). */
  readonly keepsPlan: boolean;
  /** Its text says when and with whom a visit ahead is: what a change makes untrue of it is taken back. */
  readonly namesVisit: boolean;
  readonly afterUnknown: Repeatable;
  /** Null while its trigger has not happened (a return of a visit that stands). */
  moment(facts: F): Moment | null;
  /** In the order in which they are checked. */
  readonly conditions: readonly Condition<F>[];
  say(facts: F, telling: Telling): Saying;
  opening(facts: F, telling: Telling): Opening | null;
}

/** The usual shape of a scenario about a visit, to be filled by its definition. */
export const VISIT_DEFAULTS = {
  awaits: [],
  domestic: false,
  grouped: false,
  keepsPlan: false,
  namesVisit: false,
  afterUnknown: 'atLeastOnce',
  conditions: [],
  say: () => ({}),
  opening: () => null,
} as const satisfies Partial<ScenarioDefinition<VisitFacts>>;
