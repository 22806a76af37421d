import { DAY_MS } from '../core/clock.ts';
import { localDay } from '../core/day-choices.ts';
import type { Message } from '../core/message.ts';
import type { Patient } from '../core/patient.ts';
import type { Stores } from '../core/stores.ts';
import { birthdayOn } from './birthday-date.ts';
import { BIRTHDAY } from './catalogue.ts';
import { applyRules } from './decide.ts';
import type { Facts } from './facts.ts';
import type { FactsReading } from './load-facts.ts';
import type { Moment } from './moment.ts';
import type { Cause } from './plan-visit.ts';
import { cancelled, revived, rewrite } from './row-changes.ts';
import { rowKey, wentOut } from './row-key.ts';
import { recordSkip } from './skip-record.ts';
import { addDays } from './windows.ts';

/** How far ahead of its day a birthday message is planned. */
export const BIRTHDAYS_AHEAD_DAYS = 3;

type BirthdayStores = Pick<Stores, 'outbox' | 'skips'>;

/** Plans the message for a patient's birthday if its day is near, and brings unsent ones in line. May be repeated. */
export async function planBirthday(
  stores: BirthdayStores,
  reading: FactsReading,
  patient: Patient,
  options: { readonly daysBefore: number; readonly cause: Cause },
  now: Date,
): Promise<void> {
  const { cause } = options;
  const rows = (await stores.outbox.ofSubject({ patient: patient.id })).filter((row) => row.scenario === 'birthday');
  for (const row of rows) {
    const facts = await reading.ofPatient(patient, row.version, { scenarios: ['birthday'], now });
    const moment = facts === null ? null : BIRTHDAY.moment(facts);
    await rewrite(stores.outbox, row, (current) => adjusted(current, moment, facts, cause, now));
    if (facts === null || moment === null || !wentOut(row) || cause === 'settings') continue;
    // A birth date that was corrected after this year's message brings no second one.
    if (moment.at > row.dueAt) await recordSkip(stores.skips, row, 'alreadySent', now);
  }
  const year = yearAhead(patient, options.daysBefore, now);
  if (year === null) return;
  const key = rowKey('birthday', { patient: patient.id }, 1, year);
  const facts = await reading.ofPatient(patient, year, { scenarios: ['birthday'], now });
  const moment = facts === null ? null : BIRTHDAY.moment(facts);
  if (facts === null || moment === null || rows.some((row) => row.key === key)) return;
  const row = {
    key,
    kind: 'scenario',
    scenario: 'birthday',
    subject: { patient: patient.id },
    step: 1,
    version: year,
    patient: patient.id,
    branch: facts.branch.id,
    currency: facts.branch.currency,
    dueAt: moment.at,
    lookAt: moment.at,
    latestAt: moment.latestAt,
  } as const;
  if (moment.latestAt > now) {
    await stores.outbox.plan([row], now);
    return;
  }
  const finding = applyRules({ definition: BIRTHDAY, facts, now, moment }, true);
  if (finding?.kind === 'skip') await recordSkip(stores.skips, row, finding.reason, now);
}

/** The year of the birthday whose message day lies between yesterday and the horizon; null when none does. */
function yearAhead({ birthDate }: Patient, daysBefore: number, now: Date): number | null {
  const today = localDay(now, 'utc');
  const [from, to] = [addDays(today, -1), addDays(today, BIRTHDAYS_AHEAD_DAYS)];
  const lastBirthday = localDay(new Date(now.getTime() + (daysBefore + BIRTHDAYS_AHEAD_DAYS) * DAY_MS), 'utc');
  const years = new Set([from, lastBirthday].map((day) => Number(day.slice(0, 4))));
  for (const year of years) {
    const on = birthdayOn(birthDate, year);
    const sendOn = on === null ? null : addDays(on, -daysBefore);
    if (sendOn !== null && sendOn >= from && sendOn <= to) return year;
  }
  return null;
}

function adjusted(row: Message, moment: Moment | null, facts: Facts | null, cause: Cause, now: Date): Message | null {
  if (moment === null || facts === null) return cancelled(row, 'status', now);
  const here = { ...row, branch: facts.branch.id, currency: facts.branch.currency };
  const isSame = moment.at.getTime() === row.dueAt.getTime() && facts.branch.id === row.branch;
  const isBack = row.state === 'cancelled' || (row.state === 'skipped' && row.reason !== 'alreadySent');
  if (isBack) {
    const mayGo = moment.latestAt > now && (cause === 'subject' || moment.at > now);
    return mayGo ? revived(here, moment, now) : null;
  }
  if (row.state !== 'planned') return null;
  if (isSame) return cause === 'subject' && row.dueAt <= now && row.lookAt !== null ? { ...here, lookAt: now } : null;
  if (moment.at <= now && cause === 'settings') return null;
  if (moment.latestAt <= now) return cancelled(row, 'tooLate', now);
  return { ...here, dueAt: moment.at, lookAt: moment.at > now ? moment.at : now, latestAt: moment.latestAt };
}
