import type { ChannelName } from '../core/channel-name.ts';
import type { Content, Render } from '../core/content.ts';
import type { Locale } from '../core/locale.ts';
import type { Opening } from '../core/opening.ts';
import type { ChannelTried, Reason } from '../core/reason.ts';
import { smsSegments } from '../core/sms-segments.ts';
import { smsText } from '../core/sms-text.ts';
import { mobileFor } from './addressee.ts';
import { compose } from './compose.ts';
import type { ScenarioDefinition, Telling } from './definition.ts';
import type { Facts, VisitFacts } from './facts.ts';
import type { Moment } from './moment.ts';
import { findRoute } from './route.ts';
import { CONDITIONS, type Finding, type Look, SWITCHES, soon, timing } from './rules.ts';

/** What the rules say of one subject at one time; `rule` names the one that decided (spec: api.md, GET /why). */
export type Decision =
  | {
      readonly kind: 'send';
      readonly rule: 'allRulesHold';
      readonly channel: ChannelName;
      readonly to: string;
      readonly price: number;
      readonly locale: Locale;
      readonly content: Content;
      readonly text: string;
      readonly opening: Opening | null;
      readonly latestAt: Date;
      readonly tried: readonly ChannelTried[];
    }
  | {
      readonly kind: 'wait';
      readonly rule: string;
      readonly until: Date;
      readonly reason?: Reason;
      readonly tried: readonly ChannelTried[];
    }
  | { readonly kind: 'skip'; readonly rule: string; readonly reason: Reason; readonly tried: readonly ChannelTried[] }
  | { readonly kind: 'fail'; readonly rule: 'refused'; readonly tried: readonly ChannelTried[] };

/** How to decide: with the switches or, to plan, without them. */
export interface Deciding {
  readonly now: Date;
  readonly render: Render;
  readonly ignoreSwitches?: boolean;
  /** The moment of the row at hand, as it was planned. */
  readonly planned?: Planned | undefined;
  /** Visits that the message would speak for too. */
  readonly also?: readonly VisitFacts[];
}

/** When a row was planned for. */
export interface Planned {
  readonly at: Date;
  readonly latestAt: Date;
}

/**
 * The moment that counts: a planned one stands where the settings have since put it into the past (spec: scenarios.md,
 * Moves); fresh facts that put it off are followed.
 */
export function momentNow<F extends Facts>(
  definition: ScenarioDefinition<F>,
  facts: F,
  planned: Planned | undefined,
  now: Date,
): Moment | null {
  const fresh = definition.moment(facts);
  if (fresh === null || planned === undefined) return fresh;
  if (fresh.at > now && !fresh.missed) return fresh;
  return { ...fresh, ...planned, missed: false };
}

/** Rules 1 to 9: null when all hold and the message may go now. */
export function applyRules<F extends Facts>(look: Look<F>, ignoreSwitches = false): Finding {
  const rules = ignoreSwitches ? CONDITIONS : [...SWITCHES, ...CONDITIONS];
  for (const rule of rules) {
    const finding = rule(look);
    if (finding !== null) return finding;
  }
  return timing(look);
}

/** The whole decision, pure: rules 1 to 9, then the channel (10), the words, their price and the funds for it (11). */
export function decide<F extends Facts>(definition: ScenarioDefinition<F>, facts: F, deciding: Deciding): Decision {
  const { now } = deciding;
  const moment = momentNow(definition, facts, deciding.planned, now);
  const finding = applyRules({ definition, facts, now, moment }, deciding.ignoreSwitches);
  if (finding?.kind === 'skip') return { ...finding, rule: finding.reason, tried: [] };
  if (finding?.kind === 'wait') return { ...finding, rule: finding.reason ?? 'moment', tried: [] };
  // unreachable without a moment: rule 8 skips then
  if (moment === null) return { kind: 'skip', rule: 'status', reason: 'status', tried: [] };
  return dispatch(definition, facts, moment, deciding);
}

/** Rules 10 and 11 and the words, for a message that may go now. */
function dispatch<F extends Facts>(
  definition: ScenarioDefinition<F>,
  facts: F,
  moment: Moment,
  { now, render, also = [] }: Deciding,
): Decision {
  const phone = mobileFor(facts.addressee, definition.domestic ? facts.branch.country : null);
  const route = findRoute(definition, facts, phone, { now, latestAt: moment.latestAt });
  const { tried } = route;
  const wait = (reason: Reason, until: Date): Decision => ({ kind: 'wait', rule: reason, reason, until, tried });
  if (route.kind === 'refused') return { kind: 'fail', rule: 'refused', tried };
  if (route.kind === 'none') return wait('noChannel', soon(now, moment));
  if (route.kind === 'limited') return wait('noChannel', route.until);
  const { channel, to } = route;
  const { locale } = facts.addressee;
  const words = (key: string): string => render({ key, values: {} }, locale).text;
  const telling: Telling = { now, channel, locale, also, words };
  const content = compose(definition, facts, telling);
  const rendered = render(content, locale);
  const price = priceOf(definition, facts, channel, smsText(rendered));
  if (price > facts.available) return wait('noFunds', soon(now, moment));
  const opening = definition.opening(facts, telling);
  const { latestAt } = moment;
  const { text } = rendered;
  return { kind: 'send', rule: 'allRulesHold', channel, to, price, locale, content, text, opening, latestAt, tried };
}

/** Minor units: SMS by the segment of `text`; the WhatsApp survey is free when only ПроДокторов is reviewed on (spec: scenarios.md, Money). */
export function priceOf(
  { key }: Pick<ScenarioDefinition, 'key'>,
  { prices, switches }: Pick<Facts, 'prices' | 'switches'>,
  channel: ChannelName,
  text: string,
): number {
  if (channel === 'sms') return prices.sms * smsSegments(text);
  const { sites } = switches.survey.settings;
  const free = key === 'survey' && channel === 'whatsapp' && sites.length === 1 && sites[0] === 'prodoctorov';
  return free ? 0 : prices[channel];
}
