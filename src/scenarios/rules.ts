import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/clock.ts';
import type { Reason } from '../core/reason.ts';
import { blockOf } from '../core/scenario.ts';
import { consentOf, linkedChats, mobileFor } from './addressee.ts';
import type { ScenarioDefinition } from './definition.ts';
import type { Facts } from './facts.ts';
import type { Moment } from './moment.ts';
import { defer, isWithin } from './windows.ts';

/** Between two looks at something that is missing for now. */
const LOOK_AGAIN_MS = 10 * MINUTE_MS;
const WARM_FOR_MS = 365 * DAY_MS;
const STORED_LATE_MS = 2 * HOUR_MS;

/** What a rule sees: the facts, the time and the scenario's moment (null while its trigger has not happened). */
export interface Look<F extends Facts> {
  readonly definition: ScenarioDefinition<F>;
  readonly facts: F;
  readonly now: Date;
  readonly moment: Moment | null;
}

/** What a rule says: it holds (null), the subject is skipped, or it is looked at again. */
export type Finding =
  | { readonly kind: 'skip'; readonly reason: Reason }
  | { readonly kind: 'wait'; readonly until: Date; readonly reason?: Reason }
  | null;

type Rule = <F extends Facts>(look: Look<F>) => Finding;

const skip = (reason: Reason): Finding => ({ kind: 'skip', reason });

/** Rules 1 and 2; planning leaves them out. */
export const SWITCHES: readonly Rule[] = [killSwitch, scenarioOff];
/** Rules 3 to 6: whether this patient may be written to of this visit at all. */
export const PERMISSIONS: readonly Rule[] = [memoOff, incognito, consent, address];
/** Rules 3 to 8. */
export const CONDITIONS: readonly Rule[] = [...PERMISSIONS, status, ownConditions, growth];

/** Rule 1. What it holds goes out at once on release, so it is looked at again only when it is too late. */
function killSwitch<F extends Facts>({ facts, moment, now }: Look<F>): Finding {
  if (!facts.killSwitch) return null;
  if (moment === null || moment.missed || now >= moment.latestAt) return skip('tooLate');
  return { kind: 'wait', until: moment.latestAt, reason: 'killSwitch' };
}

/** Rule 2. Switching on looks ahead only. */
function scenarioOff<F extends Facts>({ facts, definition, moment }: Look<F>): Finding {
  const { enabled, enabledAt } = facts.switches[definition.key];
  if (!enabled) return skip('scenarioOff');
  return moment !== null && enabledAt !== null && moment.at < enabledAt ? skip('tooLate') : null;
}

/** Rule 3. */
function memoOff<F extends Facts>({ facts: { visit, patient, addressee } }: Look<F>): Finding {
  if (patient.channel === 'none' || addressee.person.channel === 'none') return skip('memoOff');
  if (visit === null) return null;
  const allServicesOff = visit.services.length > 0 && visit.services.every((service) => !service.memo);
  return !visit.doctor.memo || allServicesOff ? skip('memoOff') : null;
}

/** Rule 4. */
function incognito<F extends Facts>({ facts: { visit } }: Look<F>): Finding {
  return visit?.appointment.incognito ? skip('incognito') : null;
}

/** Rule 5. A guardian's consent counts; a refusal recorded for the patient counts too. */
function consent<F extends Facts>({ facts, definition }: Look<F>): Finding {
  const { patient, addressee, branch } = facts;
  const said = (kind: 'messages' | 'advertising'): boolean | undefined =>
    consentOf(patient, kind) === false ? false : consentOf(addressee.person, kind);
  if (said('messages') === false || sentStop(facts, definition)) return skip('notificationsRefused');
  if (branch.consentRequired && said('messages') !== true) return skip('noConsent');
  if (blockOf(definition.key) !== 'growth') return null;
  const advertising = said('advertising');
  return advertising === false || (branch.consentRequired && advertising !== true) ? skip('advertisingRefused') : null;
}

/** The number sent STOP, or, where there is none, every linked chat did. */
function sentStop<F extends Facts>({ addressee, branch }: F, { domestic }: ScenarioDefinition<F>): boolean {
  const phone = mobileFor(addressee, domestic ? branch.country : null) ?? addressee.mobiles[0];
  if (phone) return addressee.stopped.has(phone.e164);
  const chats = linkedChats(addressee);
  return chats.length > 0 && chats.every((chat) => addressee.stopped.has(`${chat.channel}:${chat.address}`));
}

/** Rule 6. A landline beside a linked chat is no foreign number. */
function address<F extends Facts>({ facts: { addressee, branch }, definition }: Look<F>): Finding {
  if (addressee.mobiles.length === 0) return linkedChats(addressee).length === 0 ? skip('noMobile') : null;
  return definition.domestic && mobileFor(addressee, branch.country) === null ? skip('foreignNumber') : null;
}

/**
 * Rule 7. A status that may still come is looked for every 10 minutes in the first hour from the moment on, then every hour:
 * a status that changes has its row looked at at once, so these looks are only the net under that.
 */
function status<F extends Facts>({ facts: { visit }, definition, moment, now }: Look<F>): Finding {
  if (visit === null || definition.statuses.length === 0) return null;
  const current = visit.appointment.status;
  if (definition.statuses.includes(current)) return null;
  if (moment === null || !definition.awaits.includes(current)) return skip('status');
  if (now < moment.at) return null;
  // A visit first stored long after its end triggers nothing: its status is not waited for.
  if (now >= moment.latestAt) return skip('status');
  if (storedLate(visit)) return skip('tooLate');
  const everyMs = now.getTime() - moment.at.getTime() < HOUR_MS ? LOOK_AGAIN_MS : HOUR_MS;
  return { kind: 'wait', until: soon(now, moment, everyMs), reason: 'status' };
}

/** Rule 8: the scenario's own, in its order. */
function ownConditions<F extends Facts>({ facts, definition, moment, now }: Look<F>): Finding {
  if (moment === null) return skip('status');
  for (const condition of definition.conditions) {
    const reason = condition(facts, now, moment);
    if (reason !== null) return skip(reason);
  }
  return null;
}

/** Rule 8, for growth: the patient was warmed up, and there is a way to book. */
function growth<F extends Facts>({ facts: { warmedAt, branch }, definition, now }: Look<F>): Finding {
  if (blockOf(definition.key) !== 'growth') return null;
  if (warmedAt === null || now.getTime() - warmedAt.getTime() > WARM_FOR_MS) return skip('noWarmup');
  return branch.bookingUrl === undefined && branch.slotsGivenAt === undefined ? skip('noBooking') : null;
}

/** Rule 9. What a channel or money held up to the end is skipped under that code. */
export function timing<F extends Facts>({ facts, definition, moment, now }: Look<F>): Finding {
  const { visit, branch, waiting } = facts;
  const late = visit !== null && blockOf(definition.key) === 'warming' && storedLate(visit);
  if (moment === null || moment.missed || late) return skip('tooLate');
  const missed = skip(waiting === 'noChannel' || waiting === 'noFunds' ? waiting : 'tooLate');
  if (now >= moment.latestAt) return missed;
  if (now < moment.at) return { kind: 'wait', until: moment.at };
  if (moment.hours === null || isWithin(now, moment.hours, branch.timezone)) return null;
  const next = defer(now, moment.hours, branch.timezone);
  return next < moment.latestAt ? { kind: 'wait', until: next } : missed;
}

function storedLate({ appointment: { storedAt, end } }: NonNullable<Facts['visit']>): boolean {
  return storedAt.getTime() - end.getTime() > STORED_LATE_MS;
}

/** The next look at something missing: in 10 minutes unless said otherwise, but not past the latest moment. */
export function soon(now: Date, { latestAt }: Moment, everyMs: number = LOOK_AGAIN_MS): Date {
  return new Date(Math.min(now.getTime() + everyMs, latestAt.getTime()));
}
