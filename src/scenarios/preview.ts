import type { Branch } from '../core/branch.ts';
import type { ChannelsHealth } from '../core/channel.ts';
import { DAY_MS } from '../core/clock.ts';
import type { Render } from '../core/content.ts';
import { localDay } from '../core/day-choices.ts';
import type { Previewer, PreviewRow } from '../core/decision.ts';
import { invalid } from '../core/errors.ts';
import type { Page, PageRequest } from '../core/page.ts';
import { BRANCH_SCENARIOS, blockOf, type ScenarioKey } from '../core/scenario.ts';
import { contactKey } from './addressee.ts';
import { birthDaysKeptOn, nextBirthdayYear } from './birthday-date.ts';
import { BIRTHDAY, isVisitScenario, VISIT_SCENARIOS } from './catalogue.ts';
import { applyRules, type Decision, decide, momentNow, type Planned } from './decide.ts';
import type { Facts, VisitFacts } from './facts.ts';
import { createFactsReader, type FactsReading, type FactsStores } from './load-facts.ts';
import { factsAt, keepSent, type Ledger } from './preview-facts.ts';
import { rowKey, versionFor } from './row-key.ts';
import { addDays } from './windows.ts';

export interface PreviewDeps {
  readonly stores: FactsStores;
  readonly health: () => ChannelsHealth;
  readonly render: Render;
}

/** Messages go up to a week before a visit, and up to three days after it. */
const BEFORE_VISIT_DAYS = 8;
const AFTER_VISIT_DAYS = 4;
const PAGE = 200;

/** Something that would be decided at a moment ahead. */
interface Due {
  readonly key: ScenarioKey;
  readonly facts: Facts;
  readonly at: Date;
  readonly planned: Planned | undefined;
}

/** Who would get what and when over the next days, by the same rules and in the order of the moments; nothing is stored. */
export function createPreviewer({ stores, health, render }: PreviewDeps): Previewer {
  const read = createFactsReader(stores, health);

  return {
    async preview(query, page, now) {
      const until = new Date(now.getTime() + query.days * DAY_MS);
      const reading = read();
      const branches = (await stores.branches.all()).filter(
        (branch) => query.branch === undefined || branch.id === query.branch,
      );
      const keys = query.scenario === undefined ? [...BRANCH_SCENARIOS, 'birthday' as const] : [query.scenario];
      const due: Due[] = [];
      for (const branch of branches) due.push(...(await visitsDue(branch, keys, reading, now, until)));
      if (keys.includes('birthday')) due.push(...(await birthdaysDue(branches, reading, now, until)));
      return pageOf(foresee(due, until), page);
    },
  };

  async function visitsDue(
    branch: Branch,
    keys: readonly ScenarioKey[],
    reading: FactsReading,
    now: Date,
    until: Date,
  ): Promise<readonly Due[]> {
    const from = new Date(now.getTime() - AFTER_VISIT_DAYS * DAY_MS);
    const to = new Date(until.getTime() + BEFORE_VISIT_DAYS * DAY_MS);
    const found: Due[] = [];
    const visitKeys = keys.filter(isVisitScenario);
    for (const appointment of await stores.appointments.between(branch.id, from, to)) {
      const facts = await reading.ofVisit(appointment, { scenarios: visitKeys, now });
      if (facts === null) continue;
      const names = visitKeys.map((key) =>
        rowKey(key, { appointment: appointment.id }, 1, versionFor(key, appointment)),
      );
      const rows = new Map((await stores.outbox.byKeys(names)).map((row) => [row.key, row]));
      for (const [index, key] of visitKeys.entries()) {
        const row = rows.get(names[index] ?? '');
        if (row !== undefined && row.state !== 'planned' && row.state !== 'claimed') continue;
        const latestAt = row?.latestAt ?? null;
        const planned = row === undefined || latestAt === null ? undefined : { at: row.dueAt, latestAt };
        const moment = momentNow(VISIT_SCENARIOS[key], facts, planned, now);
        if (moment === null || moment.latestAt <= now || moment.at >= until) continue;
        found.push({ key, facts, planned, at: moment.at > now ? moment.at : now });
      }
    }
    return found;
  }

  async function birthdaysDue(
    branches: readonly Branch[],
    reading: FactsReading,
    now: Date,
    until: Date,
  ): Promise<readonly Due[]> {
    const { settings } = await stores.switches.get(null, 'birthday');
    const today = localDay(now, 'utc');
    const days = Math.ceil((until.getTime() - now.getTime()) / DAY_MS) + 2;
    const birthDays = Array.from({ length: days }, (_, index) => addDays(today, settings.daysBefore - 1 + index));
    const found: Due[] = [];
    const wanted = [...new Set(birthDays.flatMap(birthDaysKeptOn))];
    for (let after: string | null = null; ; ) {
      const patients = await stores.patients.byBirthday(wanted, after, PAGE);
      for (const patient of patients) {
        const yesterday = new Date(now.getTime() - DAY_MS);
        const year = nextBirthdayYear(patient.birthDate, settings.daysBefore, yesterday);
        const facts = await reading.ofPatient(patient, year, { scenarios: ['birthday'], now });
        const moment = facts === null ? null : BIRTHDAY.moment(facts);
        if (facts === null || moment === null || moment.latestAt <= now || moment.at >= until) continue;
        if (!branches.some((branch) => branch.id === facts.branch.id)) continue;
        found.push({ key: 'birthday', facts, planned: undefined, at: moment.at > now ? moment.at : now });
      }
      after = patients.at(-1)?.id ?? null;
      if (patients.length < PAGE) return found;
    }
  }

  /** Goes through the moments in their order; what one message costs, warms and asks is there for the next. */
  function foresee(due: readonly Due[], until: Date): readonly PreviewRow[] {
    const ledger: Ledger = { available: new Map(), warmedAt: new Map() };
    const spokenFor = new Set<Due>();
    const waiting = [...due].sort(byMoment);
    const rows: PreviewRow[] = [];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const decision = spokenFor.has(next) ? GROUPED : decideAt(next, waiting, spokenFor, ledger);
      rows.push(rowOf(next, decision));
      if (decision.kind !== 'send') continue;
      keepSent(ledger, next.facts, decision.price, blockOf(next.key) === 'warming', next.at);
      const second = secondRequest(next, until);
      if (second === null) continue;
      waiting.push(second);
      waiting.sort(byMoment);
    }
    return rows;
  }

  function decideAt(one: Due, waiting: readonly Due[], spokenFor: Set<Due>, ledger: Ledger): Decision {
    const facts = factsAt(one.facts, one.at, ledger);
    const deciding = { now: one.at, render, planned: one.planned };
    if (!isVisitScenario(one.key)) return decide(BIRTHDAY, facts, deciding);
    const definition = VISIT_SCENARIOS[one.key];
    if (!isAboutVisit(facts)) throw new Error(`${one.key} is about an appointment.`);
    const alone = decide(definition, facts, deciding);
    if (!definition.grouped || alone.kind !== 'send') return alone;
    const group = waiting.filter((other) => isSameDay(one, other) && isAccepted(other, one.at, ledger));
    for (const other of group) spokenFor.add(other);
    return group.length === 0 ? alone : decide(definition, facts, { ...deciding, also: group.map(factsOfVisit) });
  }

  function secondRequest({ key, facts, at }: Due, until: Date): Due | null {
    if (key !== 'confirmation' || facts.step > 1 || !isAboutVisit(facts)) return null;
    if (facts.switches.confirmation.settings.second === 'nobody') return null;
    const again = { ...facts, step: 2, asked: { at, answered: false, conversation: null } };
    const moment = VISIT_SCENARIOS.confirmation.moment(again);
    if (moment === null || moment.at >= moment.latestAt || moment.at >= until) return null;
    return { key, facts: again, at: moment.at, planned: undefined };
  }
}

const GROUPED: Decision = { kind: 'skip', rule: 'grouped', reason: 'grouped', tried: [] };

function byMoment(a: Due, b: Due): number {
  return (
    a.at.getTime() - b.at.getTime() ||
    (a.facts.visit?.appointment.start.getTime() ?? 0) - (b.facts.visit?.appointment.start.getTime() ?? 0) ||
    (subjectId(a) < subjectId(b) ? -1 : 1)
  );
}

function subjectId({ facts }: Due): string {
  return facts.visit?.appointment.id ?? facts.patient.id;
}

function isAboutVisit(facts: Facts): facts is VisitFacts {
  return facts.visit !== null;
}

function factsOfVisit({ facts }: Due): VisitFacts {
  if (!isAboutVisit(facts)) throw new Error('Only visits are grouped.');
  return facts;
}

function isSameDay(one: Due, other: Due): boolean {
  if (one.key !== other.key || one.facts.step !== other.facts.step) return false;
  if (one.facts.branch.id !== other.facts.branch.id) return false;
  const { timezone } = one.facts.branch;
  const day = ({ facts }: Due): string => localDay(factsOfVisit({ ...one, facts }).visit.appointment.start, timezone);
  return day(one) === day(other) && contactKey(one.facts.addressee) === contactKey(other.facts.addressee);
}

function isAccepted(other: Due, now: Date, ledger: Ledger): boolean {
  if (!isVisitScenario(other.key)) return false;
  const facts = factsAt(factsOfVisit(other), now, ledger);
  const definition = VISIT_SCENARIOS[other.key];
  const finding = applyRules({ definition, facts, now, moment: momentNow(definition, facts, other.planned, now) });
  return finding === null || (finding.kind === 'wait' && finding.reason === undefined);
}

/** What waits in the preview would not have gone out: nothing that could release it is foreseen. */
function rowOf({ key, facts, at }: Due, decision: Decision): PreviewRow {
  const subject = facts.visit === null ? { patient: facts.patient.id } : { appointment: facts.visit.appointment.id };
  const row = { scenario: key, subject, patient: facts.patient.id, branch: facts.branch.id, at };
  switch (decision.kind) {
    case 'send':
      return { ...row, decision: 'send', channel: decision.channel, text: decision.text };
    case 'skip':
      return { ...row, decision: 'skip', reason: decision.reason };
    case 'wait':
      return decision.reason === undefined
        ? { ...row, decision: 'wait', at: decision.until }
        : { ...row, decision: 'skip', reason: decision.reason };
    case 'fail':
      return { ...row, decision: 'skip', reason: 'noChannel' };
    default:
      return decision satisfies never;
  }
}

function pageOf(rows: readonly PreviewRow[], { cursor, limit }: PageRequest): Page<PreviewRow> {
  const from = cursor === undefined ? 0 : Number(/^p(\d{1,9})$/.exec(cursor)?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) throw invalid('cursor', 'was not given by this list');
  const end = from + limit;
  return { items: rows.slice(from, end), next: end < rows.length ? `p${end}` : null };
}
