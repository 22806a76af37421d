import type { Message, NewMessage } from '../core/message.ts';
import { BRANCH_SCENARIOS } from '../core/scenario.ts';
import type { Stores } from '../core/stores.ts';
import { VISIT_SCENARIOS } from './catalogue.ts';
import { applyRules } from './decide.ts';
import type { VisitFacts } from './facts.ts';
import type { Moment } from './moment.ts';
import { cancelled, handedBack, revived, rewrite } from './row-changes.ts';
import { isUnsent, rowKey, versionFor } from './row-key.ts';
import { recordSkip } from './skip-record.ts';

type VisitScenarioKey = (typeof BRANCH_SCENARIOS)[number];
type PlanStores = Pick<Stores, 'outbox' | 'skips'>;

/** Why a plan is gone through: the subject changed, or only how scenarios are set. */
export type Cause = 'subject' | 'settings';

/** Reasons that no later change of the same visit takes back. */
const FINAL = ['grouped', 'tooLate', 'moved', 'alreadySent'];

/**
 * Makes the outbox say what the rules plan for a visit as it stands: new rows, moments moved, rows taken back and planned
 * again. Goes by what is stored, not by what was told, so it may be repeated and cut short anywhere.
 */
export async function planVisit(
  stores: PlanStores,
  facts: VisitFacts,
  options: { readonly cause: Cause; readonly only?: VisitScenarioKey | undefined },
  now: Date,
): Promise<void> {
  const { id } = facts.visit.appointment;
  const rows = (await stores.outbox.ofSubject({ appointment: id })).filter((row) => row.kind === 'scenario');
  const fresh: NewMessage[] = [];
  for (const key of options.only === undefined ? BRANCH_SCENARIOS : [options.only]) {
    const version = versionFor(key, facts.visit.appointment);
    const own = rows.filter((row) => row.scenario === key);
    for (const row of own.filter((one) => one.version !== version)) {
      await rewrite(stores.outbox, row, (current) => cancelled(current, 'moved', now));
    }
    const current = own.filter((row) => row.version === version);
    const moment = hasTrigger(key, facts) ? VISIT_SCENARIOS[key].moment(facts) : null;
    if (moment === null) {
      for (const row of current) await rewrite(stores.outbox, row, (one) => cancelled(one, 'status', now));
      continue;
    }
    const planned = rowKey(key, { appointment: id }, 1, version);
    for (const row of current) {
      await adjust(stores, row, row.key === planned ? moment : null, facts, options.cause, now);
    }
    if (current.some((row) => row.key === planned) || wasSentFor(own, facts)) continue;
    const row = newRow(key, planned, version, facts, moment);
    if (moment.missed || moment.latestAt <= now) await keepSkip(stores, key, row, facts, now);
    else fresh.push(row);
  }
  if (fresh.length > 0) await stores.outbox.plan(fresh, now);
}

/** A cancelled visit triggers nothing but a return. */
function hasTrigger(key: VisitScenarioKey, { visit: { appointment } }: VisitFacts): boolean {
  return appointment.status !== 'cancelled' || key === 'returnAfterCancellation';
}

/** A return that went out for this very cancellation or no-show is not repeated because the visit's old time was corrected. */
function wasSentFor(rows: readonly Message[], { visit: { appointment } }: VisitFacts): boolean {
  return rows.some(
    (row) =>
      (row.scenario === 'returnAfterCancellation' || row.scenario === 'returnAfterNoShow') &&
      row.sentAt !== null &&
      row.sentAt >= appointment.statusAt,
  );
}

function newRow(
  scenario: VisitScenarioKey,
  key: string,
  version: number,
  { visit: { appointment }, branch }: VisitFacts,
  moment: Moment,
): NewMessage & { readonly scenario: VisitScenarioKey; readonly subject: { readonly appointment: string } } {
  return {
    key,
    kind: 'scenario',
    scenario,
    subject: { appointment: appointment.id },
    step: 1,
    version,
    patient: appointment.patient,
    branch: appointment.branch,
    currency: branch.currency,
    dueAt: moment.at,
    lookAt: moment.at,
    latestAt: moment.latestAt,
  };
}

/** A look that plans nothing is a skip too; the long past of an import is not kept, "why" decides it when asked. */
async function keepSkip(
  stores: PlanStores,
  key: VisitScenarioKey,
  row: ReturnType<typeof newRow>,
  facts: VisitFacts,
  now: Date,
): Promise<void> {
  const { storedAt, end } = facts.visit.appointment;
  if (storedAt > end) return;
  const definition = VISIT_SCENARIOS[key];
  const finding = applyRules({ definition, facts, now, moment: definition.moment(facts) }, true);
  if (finding?.kind === 'skip') await recordSkip(stores.skips, row, finding.reason, now);
}

/** Brings a row of the present version in line; `moment` is null where it is not ours to say (a second request, a resend). */
async function adjust(
  stores: PlanStores,
  row: Message,
  moment: Moment | null,
  facts: VisitFacts,
  cause: Cause,
  now: Date,
): Promise<void> {
  const changed = await rewrite(stores.outbox, row, (current) => adjusted(current, moment, facts, cause, now));
  if (changed?.state === 'skipped' && changed.reason !== undefined) {
    await recordSkip(stores.skips, changed, changed.reason, now);
  }
}

function adjusted(seen: Message, fresh: Moment | null, facts: VisitFacts, cause: Cause, now: Date): Message | null {
  const row = cause === 'subject' ? handedBack(seen) : seen;
  if (row.state === 'planned') return replanned(row, fresh, cause, now) ?? (row === seen ? null : row);
  if (cause === 'settings' || isUnsent(row) || row.latestAt === null) return null;
  const plannedFor = { at: row.dueAt, latestAt: row.latestAt, missed: false };
  const moment = fresh ?? plannedFor;
  const byStatus = row.reason === 'status';
  const isBack = (row.state === 'cancelled' && byStatus) || (row.state === 'skipped' && !isFinal(row));
  if (!isBack) return null;
  if (now < moment.latestAt && !moment.missed) return revived(row, moment, now);
  const { statuses } = VISIT_SCENARIOS[row.scenario as VisitScenarioKey];
  // The status came, but too late (spec: scenarios.md, rule 8).
  return row.state === 'skipped' && byStatus && statuses.includes(facts.visit.appointment.status)
    ? { ...row, reason: 'tooLate', timeline: [...row.timeline, { status: 'skipped', at: now, detail: 'tooLate' }] }
    : null;
}

function isFinal({ reason }: Message): boolean {
  return reason !== undefined && FINAL.includes(reason);
}

/** A planned row under a new moment; a due one is looked at again at once. */
function replanned(row: Message, moment: Moment | null, cause: Cause, now: Date): Message | null {
  const isSame =
    moment === null ||
    moment.missed ||
    (moment.at.getTime() === row.dueAt.getTime() && moment.latestAt.getTime() === row.latestAt?.getTime());
  if (isSame) {
    const isDue = cause === 'subject' && row.dueAt <= now && row.lookAt !== null && row.lookAt > now;
    return isDue ? { ...row, lookAt: now } : null;
  }
  // A changed setting never sends at once: the old moment stands where the new one is past.
  if (cause === 'settings' && moment.at <= now) return null;
  return {
    ...row,
    dueAt: moment.at,
    lookAt: moment.at > now ? moment.at : now,
    latestAt: moment.latestAt,
    timeline: [...row.timeline, { status: 'planned', at: now }],
  };
}
