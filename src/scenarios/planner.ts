import type { Appointment } from '../core/appointment.ts';
import type { ChannelsHealth } from '../core/channel.ts';
import { type Clock, DAY_MS, HOUR_MS } from '../core/clock.ts';
import type { Follower } from '../core/follower.ts';
import type { Log } from '../core/log.ts';
import { BRANCH_SCENARIOS, SCENARIOS, type ScenarioKey } from '../core/scenario.ts';
import type { Stores } from '../core/stores.ts';
import { type Birthdays, createBirthdays } from './birthdays.ts';
import { isVisitScenario } from './catalogue.ts';
import { createFactsReader, type FactsReading, type FactsStores } from './load-facts.ts';
import { planBirthday } from './plan-birthday.ts';
import { type Cause, planVisit } from './plan-visit.ts';
import { cancelled, revived, rewrite } from './row-changes.ts';

export interface PlannerDeps {
  readonly stores: FactsStores & Pick<Stores, 'skips'>;
  readonly health: () => ChannelsHealth;
  readonly clock: Clock;
  readonly log: Log;
}

/** The follower that plans, and what it does beside being told. */
export interface Planner extends Follower {
  /** The daily planning of birthdays. */
  readonly birthdays: Birthdays;
  /** One recurring work a scenario that plans what nobody told of; for the ticks (spec: architecture.md, Shapes to follow). */
  readonly sweeps: readonly { readonly name: string; readonly everyMs: number; run(now: Date): Promise<void> }[];
}

/** Visits that plans may still be made for: what follows a visit ends within three days. */
const STILL_OPEN_DAYS = 3;
/** How far ahead a changed setting looks for visits whose moment was missed under the old one. */
const SETTINGS_AHEAD_DAYS = 8;
const PAGE = 200;

/** Keeps the outbox's plan in step with appointments, patients and settings. Planning twice makes nothing new; a plan cut short is finished by the next telling. */
export function createPlanner({ stores, health, clock, log }: PlannerDeps): Planner {
  const read = createFactsReader(stores, health);
  const birthdays = createBirthdays({ stores, read, clock });

  return {
    birthdays,
    sweeps: SCENARIOS.map((key) => ({ name: `plan:${key}`, everyMs: HOUR_MS, run: (now) => sweep(key, now) })),
    async appointmentChanged({ appointment, kind }) {
      const now = clock.now();
      if (kind === 'removed') return removeAll(appointment.id, now);
      // What was told may be old by now: the plan is made for the visit as it stands.
      const current = await stores.appointments.get(appointment.id);
      if (current === null) return removeAll(appointment.id, now);
      const reading = read();
      await plan(current, reading, 'subject', undefined, now);
      await lookAtDayAgain(current, now);
    },
    async patientChanged(id) {
      const now = clock.now();
      const patient = await stores.patients.get(id);
      if (patient === null) return;
      const reading = read();
      await planOne(id, reading, 'subject', now);
      const since = new Date(now.getTime() - STILL_OPEN_DAYS * DAY_MS);
      const open = (await stores.appointments.briefsOfPatient(id)).filter((visit) => visit.end > since);
      for (const appointment of await stores.appointments.getMany(open.map((visit) => visit.id))) {
        await plan(appointment, reading, 'subject', undefined, now);
      }
    },
    async settingsChanged(branch, scenario) {
      const now = clock.now();
      const keys = scenario === null ? [...BRANCH_SCENARIOS, 'birthday' as const] : [scenario];
      for (const key of keys) await replan(branch, key, now);
    },
  };

  async function plan(
    appointment: Appointment,
    reading: FactsReading,
    cause: Cause,
    only: Exclude<ScenarioKey, 'birthday'> | undefined,
    now: Date,
  ): Promise<void> {
    const facts = await reading.ofVisit(appointment, {
      scenarios: only === undefined ? BRANCH_SCENARIOS : [only],
      now,
    });
    if (facts === null) {
      log.warn('plan.factsMissing', { appointment: appointment.id });
      return;
    }
    await planVisit(stores, facts, { cause, only }, now);
  }

  async function planOne(id: string, reading: FactsReading, cause: Cause, now: Date): Promise<void> {
    const [patient, birthday] = await Promise.all([stores.patients.get(id), stores.switches.get(null, 'birthday')]);
    if (patient === null) return;
    await planBirthday(stores, reading, patient, { daysBefore: birthday.settings.daysBefore, cause }, now);
  }

  /** A deleted appointment takes its plans with it (spec: api.md). */
  async function removeAll(id: string, now: Date): Promise<void> {
    for (const row of await stores.outbox.ofSubject({ appointment: id })) {
      if (row.kind === 'scenario') await rewrite(stores.outbox, row, (current) => cancelled(current, 'status', now));
    }
  }

  /** When the last visit of a day falls out, the one before it is the last: its survey may be asked after all. */
  async function lookAtDayAgain(changed: Appointment, now: Date): Promise<void> {
    const near = (await stores.appointments.briefsOfPatient(changed.patient)).filter(
      (visit) =>
        visit.id !== changed.id &&
        visit.doctor === changed.doctor &&
        visit.end <= now &&
        now.getTime() - visit.end.getTime() < STILL_OPEN_DAYS * DAY_MS,
    );
    if (near.length === 0) return;
    const rows = await stores.outbox.ofAppointments(
      'survey',
      near.map((visit) => visit.id),
    );
    for (const row of rows) {
      await rewrite(stores.outbox, row, (current) =>
        current.state === 'skipped' &&
        current.reason === 'notLastOfDay' &&
        current.latestAt !== null &&
        current.latestAt > now
          ? revived(current, { at: current.dueAt, latestAt: current.latestAt }, now)
          : null,
      );
    }
  }

  async function sweep(key: ScenarioKey, now: Date): Promise<void> {
    if (!isVisitScenario(key)) return birthdays.planAll(now);
    for (const branch of await stores.branches.all()) await replan(branch.id, key, now);
  }

  async function replan(branch: string | null, key: ScenarioKey, now: Date): Promise<void> {
    const reading = read();
    const seen = new Set<string>();
    for (let after: string | null = null; ; ) {
      const rows = await stores.outbox.unsent(key, branch, after, PAGE);
      for (const row of rows) {
        if (row.subject === null) continue;
        if ('patient' in row.subject) await planOne(row.subject.patient, reading, 'settings', now);
        else seen.add(row.subject.appointment);
      }
      after = rows.at(-1)?.id ?? null;
      if (rows.length < PAGE) break;
    }
    if (!isVisitScenario(key)) return birthdays.planAll(now);
    if (branch !== null) {
      const from = new Date(now.getTime() - STILL_OPEN_DAYS * DAY_MS);
      const to = new Date(now.getTime() + SETTINGS_AHEAD_DAYS * DAY_MS);
      for (const visit of await stores.appointments.between(branch, from, to)) seen.add(visit.id);
    }
    for (const appointment of await stores.appointments.getMany([...seen])) {
      await plan(appointment, reading, 'settings', key, now);
    }
  }
}
