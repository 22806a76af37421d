import type { Appointment } from '../core/appointment.ts';
import type { ChannelsHealth } from '../core/channel.ts';
import type { Render } from '../core/content.ts';
import type { SkipRecord, WhyRow, WhyTeller } from '../core/decision.ts';
import type { Message, Subject } from '../core/message.ts';
import { BRANCH_SCENARIOS, type ScenarioKey } from '../core/scenario.ts';
import type { Stores } from '../core/stores.ts';
import { nextBirthdayYear } from './birthday-date.ts';
import { BIRTHDAY, VISIT_SCENARIOS } from './catalogue.ts';
import { type Deciding, type Decision, decide } from './decide.ts';
import { createFactsReader, type FactsReading, type FactsStores } from './load-facts.ts';
import { versionFor, wentOut } from './row-key.ts';

export interface WhyDeps {
  readonly stores: FactsStores & Pick<Stores, 'skips'>;
  readonly health: () => ChannelsHealth;
  readonly render: Render;
}

/** A patient's newest visits that are told about. */
const MOST_VISITS = 50;

/** Tells for each scenario the newest decision, or the one that would be made now where none was (spec: api.md, GET /why). */
export function createWhy({ stores, health, render }: WhyDeps): WhyTeller {
  const read = createFactsReader(stores, health);

  return {
    async ofAppointment(id, now) {
      const appointment = await stores.appointments.get(id);
      return appointment === null ? null : visitRows(appointment, read(), now);
    },
    async ofPatient(id, now) {
      const patient = await stores.patients.get(id);
      if (patient === null) return null;
      const reading = read();
      const briefs = (await stores.appointments.briefsOfPatient(id)).slice(0, MOST_VISITS);
      const appointments = await stores.appointments.getMany(briefs.map((brief) => brief.id));
      const rows: WhyRow[] = [];
      for (const appointment of appointments) rows.push(...(await visitRows(appointment, reading, now)));
      return [...rows, await birthdayRow(id, reading, now)];
    },
  };

  async function visitRows(appointment: Appointment, reading: FactsReading, now: Date): Promise<readonly WhyRow[]> {
    const subject = { appointment: appointment.id };
    const [rows, skips] = await Promise.all([stores.outbox.ofSubject(subject), stores.skips.ofSubject(subject)]);
    const told: WhyRow[] = [];
    for (const key of BRANCH_SCENARIOS) {
      const version = versionFor(key, appointment);
      const story = storyOf(key, rows, skips, version);
      const { branch } = appointment;
      told.push(
        newest(story, subject, branch) ??
          (await decidedNow(story, subject, branch, now, async (deciding) => {
            const about = { scenarios: [key], now, ...aboutRow(story.planned) };
            const facts = await reading.ofVisit(appointment, about);
            return facts === null ? null : decide(VISIT_SCENARIOS[key], facts, deciding);
          })),
      );
    }
    return told;
  }

  async function birthdayRow(id: string, reading: FactsReading, now: Date): Promise<WhyRow> {
    const subject = { patient: id };
    const [rows, skips, patient] = await Promise.all([
      stores.outbox.ofSubject(subject),
      stores.skips.ofSubject(subject),
      stores.patients.get(id),
    ]);
    const latest = Math.max(...rows.filter((row) => row.scenario === 'birthday').map((row) => row.version), 0);
    const story = storyOf('birthday', rows, skips, latest);
    const branch = story.branch ?? (await branchOf(id)) ?? '';
    return (
      newest(story, subject, branch) ??
      decidedNow(story, subject, branch, now, async (deciding) => {
        if (patient === null) return null;
        const { settings } = await stores.switches.get(null, 'birthday');
        const year = story.planned?.version ?? nextBirthdayYear(patient.birthDate, settings.daysBefore, now);
        const facts = await reading.ofPatient(patient, year, { scenarios: ['birthday'], now });
        if (facts !== null) return decide(BIRTHDAY, facts, deciding);
        return { kind: 'skip', rule: 'noWarmup', reason: 'noWarmup', tried: [] };
      })
    );
  }

  async function branchOf(patient: string): Promise<string | null> {
    const visits = await stores.appointments.briefsOfPatient(patient);
    return visits.find((visit) => visit.status !== 'cancelled')?.branch ?? null;
  }

  async function decidedNow(
    story: Story,
    subject: Subject,
    branch: string,
    now: Date,
    look: (deciding: Deciding) => Promise<Decision | null>,
  ): Promise<WhyRow> {
    const { planned } = story;
    const latestAt = planned?.latestAt ?? null;
    const plannedFor = planned === null || latestAt === null ? undefined : { at: planned.dueAt, latestAt };
    const decision = await look({ now, render, planned: plannedFor });
    const messages = [...story.sent, ...(planned === null ? [] : [planned])].map((row) => row.id);
    const row = { scenario: story.key, subject, messages, branch, channelsTried: decision?.tried ?? [] };
    if (decision === null) return { ...row, decision: 'skip', reason: 'status', rule: 'status', at: now };
    if (decision.kind === 'skip') {
      return { ...row, decision: 'skip', reason: decision.reason, rule: decision.rule, at: now };
    }
    if (decision.kind !== 'wait') return { ...row, decision: 'send', rule: decision.rule, at: now };
    const { rule, until, reason } = decision;
    return { ...row, decision: 'wait', rule, at: until, ...(reason && { reason }) };
  }
}

/** What the outbox and the kept skips know of one scenario of a subject. */
interface Story {
  readonly key: ScenarioKey;
  readonly branch: string | null;
  readonly sent: readonly Message[];
  /** The newest row of the present version that is no longer planned. */
  readonly ended: Message | null;
  readonly planned: Message | null;
  readonly skip: SkipRecord | null;
}

function storyOf(key: ScenarioKey, rows: readonly Message[], skips: readonly SkipRecord[], version: number): Story {
  const own = rows.filter((row) => row.kind === 'scenario' && row.scenario === key);
  const current = own.filter((row) => row.version === version);
  const isOpen = (row: Message): boolean => row.state === 'planned' || row.state === 'claimed';
  const ended = current.filter((row) => !isOpen(row)).sort((a, b) => endedAt(b).getTime() - endedAt(a).getTime());
  return {
    key,
    branch: own[0]?.branch ?? null,
    sent: own.filter((row) => wentOut(row) || row.state === 'sending' || row.state === 'failed'),
    ended: ended[0] ?? null,
    planned: current.find(isOpen) ?? null,
    skip: skips.find((one) => one.scenario === key) ?? null,
  };
}

function endedAt(row: Message): Date {
  return row.timeline.at(-1)?.at ?? row.createdAt;
}

/** The decision as it was made; null where none was, or one is under way and is to be made now. */
function newest({ key, sent, ended, planned, skip }: Story, subject: Subject, branch: string): WhyRow | null {
  const messages = sent.map((row) => row.id);
  if (ended !== null && skip !== null && skip.at > endedAt(ended)) return ofSkip(skip, key, subject, branch, messages);
  if (ended === null) return planned !== null || skip === null ? null : ofSkip(skip, key, subject, branch, messages);
  const row = { scenario: key, subject, branch, channelsTried: ended.tried, at: endedAt(ended) };
  switch (ended.state) {
    case 'sending':
    case 'sent':
    case 'delivered':
    case 'read':
    case 'unknown':
      return { ...row, decision: 'send', rule: 'sent', at: ended.sentAt ?? row.at, messages };
    case 'failed':
      return { ...row, decision: 'send', rule: 'refused', messages };
    case 'expired':
      return { ...row, decision: 'skip', reason: 'tooLate', rule: 'tooLate', messages };
    case 'skipped':
    case 'cancelled': {
      const reason = ended.reason ?? 'status';
      const shown = ended.groupedIn === undefined ? messages : [...new Set([ended.groupedIn, ...messages])];
      return planned === null ? { ...row, decision: 'skip', reason, rule: reason, messages: shown } : null;
    }
    case 'planned':
    case 'claimed':
      return null;
    default:
      return ended.state satisfies never;
  }
}

function ofSkip(
  { reason, at }: SkipRecord,
  scenario: ScenarioKey,
  subject: Subject,
  branch: string,
  messages: readonly string[],
): WhyRow {
  return { scenario, subject, decision: 'skip', reason, rule: reason, at, channelsTried: [], messages, branch };
}

function aboutRow(row: Message | null): {
  step?: number;
  waiting?: NonNullable<Message['waiting']>;
  refusedOn?: Message['refusedOn'];
} {
  if (row === null) return {};
  return { step: row.step, refusedOn: row.refusedOn, ...(row.waiting && { waiting: row.waiting }) };
}
