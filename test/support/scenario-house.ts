import type { AppointmentBody } from '../../src/core/appointment.ts';
import type { BranchBody } from '../../src/core/branch.ts';
import type { ChannelsHealth } from '../../src/core/channel.ts';
import type { Decider, Message, Verdict } from '../../src/core/message.ts';
import type { PatientBody } from '../../src/core/patient.ts';
import type { ScenarioKey, SettingsOf } from '../../src/core/scenario.ts';
import type { ServiceBody } from '../../src/core/service.ts';
import type { Stores } from '../../src/core/stores.ts';
import { createDecider } from '../../src/scenarios/decider.ts';
import { createOffers } from '../../src/scenarios/offers.ts';
import { createPlanner, type Planner } from '../../src/scenarios/planner.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { quietLog } from './quiet-log.ts';
import { type Differences, healthWith, realRender } from './scenario-facts.ts';
import { buildBranch, buildDoctor, buildPatient, buildService, buildVisit } from './stored-clinic.ts';
import { openTestStores } from './stores.ts';

/** The scenarios over real stores: what is put is planned, and `run` does what delivery does, without a channel. */
export interface ScenarioHouse {
  readonly stores: Stores;
  readonly clock: FakeClock;
  readonly planner: Planner;
  readonly decider: Decider & ReturnType<typeof createDecider>;
  readonly offers: ReturnType<typeof createOffers>;
  readonly health: () => ChannelsHealth;
  setHealth(different: NonNullable<Differences['health']>): void;
  /** A fresh clinic: branch `north`, doctor `lebedeva`, service `cleaning`, patient `maria`, money, every scenario as told. */
  fill(options?: {
    branch?: Partial<BranchBody>;
    service?: Partial<ServiceBody>;
    patient?: Partial<PatientBody>;
    on?: readonly ScenarioKey[];
    balance?: number;
  }): Promise<void>;
  visit(id: string, overrides?: Partial<AppointmentBody>, meta?: { quiet?: boolean }): Promise<void>;
  patient(id: string, overrides?: Partial<PatientBody>): Promise<void>;
  settings<K extends ScenarioKey>(key: K, settings: Partial<SettingsOf[K]>): Promise<void>;
  switch(key: ScenarioKey, enabled: boolean): Promise<void>;
  /** Moves the clock there and works off what is due on the way, each at its own moment. */
  to(instant: string): Promise<void>;
  /** The rows of an appointment or patient as `scenario step.version state at reason`. */
  rows(subject: { appointment: string } | { patient: string }, scenario?: ScenarioKey): Promise<readonly string[]>;
  row(key: string): Promise<Message>;
  texts(): readonly string[];
}

/** The rows of a visit of 24 November 10:00 to 10:30 in Moscow, booked on the 20th, as they are first planned. */
export const FIRST_PLAN = [
  'confirmation 1.0 planned 11-23T07:00',
  'details 1.0 planned 11-20T09:00',
  'greeting 1.0 planned 11-20T09:05',
  'recommendationsAfter 1.0 planned 11-24T07:35',
  'recommendationsBefore 1.0 planned 11-23T13:00',
  'reminder 1.0 planned 11-24T05:00',
  'survey 1.0 planned 11-24T10:30',
];

/** Builds it on a database of the calling test file's own. */
export async function openScenarioHouse(part = ''): Promise<ScenarioHouse> {
  const clock = fakeClock('2026-11-20T09:00:00Z');
  const log = quietLog();
  const opened = await openTestStores({ part, clock, log });
  const { stores } = opened;
  const render = await realRender();
  let current = healthWith({});
  const health = (): ChannelsHealth => current;
  const planner = createPlanner({ stores, health, clock, log });
  const decider = createDecider({ stores, health, render, log });
  const offers = createOffers({ stores, clock });
  opened.follow({
    ...planner,
    appointmentChanged: async (event) => {
      await planner.appointmentChanged(event);
      await offers.appointmentChanged(event);
    },
  });
  const said: string[] = [];

  const branchOf = (key: ScenarioKey): string | null => (key === 'birthday' ? null : 'north');

  const carry = async (row: Message, verdict: Verdict): Promise<void> => {
    const now = clock.now();
    const free = { leaseOwner: null, leaseUntilMs: 0 } as const;
    const keep = async (next: Message): Promise<Message | null> => stores.outbox.save(row, next);
    const trail = (status: 'skipped' | 'sent' | 'failed', detail?: string) => [
      ...row.timeline,
      { status, at: now, ...(detail && { detail }) },
    ];
    switch (verdict.do) {
      case 'wait':
        await keep({
          ...row,
          ...free,
          state: 'planned',
          lookAt: verdict.until,
          ...(verdict.reason && { waiting: verdict.reason }),
        });
        return;
      case 'skip':
        await keep({
          ...row,
          ...free,
          state: 'skipped',
          lookAt: null,
          reason: verdict.reason,
          timeline: trail('skipped', verdict.reason),
          tried: verdict.tried,
          ...(verdict.groupedIn && { groupedIn: verdict.groupedIn }),
        });
        return;
      case 'fail':
        await keep({ ...row, ...free, state: 'failed', lookAt: null, timeline: trail('failed') });
        return;
      case 'send': {
        const { channel, to, price, currency, locale, content, also, opening, tried } = verdict;
        const text = render(content, locale).text;
        const attempt = { id: `${row.id}-1`, channel, to, price, at: now, result: 'sent' } as const;
        const sent = await keep({
          ...row,
          ...free,
          state: 'sent',
          lookAt: null,
          sentAt: now,
          channel,
          to,
          price,
          currency,
          locale,
          content,
          also,
          text,
          tried,
          conversation: opening?.id ?? null,
          attempts: [attempt],
          timeline: trail('sent'),
        });
        if (sent === null) return;
        said.push(`${channel} ${to}: ${text}`);
        await decider.sent(sent, now);
        return;
      }
      default:
        return verdict satisfies never;
    }
  };

  const work = async (): Promise<void> => {
    for (;;) {
      const rows = await stores.outbox.claim({
        now: clock.now(),
        wallMs: clock.nowMs(),
        owner: 'test',
        leaseMs: 60_000,
        limit: 1,
        kinds: ['scenario'],
      });
      const [row] = rows;
      if (row === undefined) return;
      await carry(row, await decider.decide(row, clock.now()));
    }
  };

  return {
    stores,
    clock,
    planner,
    decider,
    offers,
    health,
    setHealth(different) {
      current = healthWith(different);
    },
    async fill({ branch = {}, service = {}, patient = {}, on = [], balance = 1_000_000 } = {}) {
      await stores.simulator.reset();
      current = healthWith({});
      clock.set('2026-11-20T09:00:00Z');
      said.length = 0;
      const at = clock.now();
      await stores.branches.put('north', buildBranch(branch), at, 'clinic');
      await stores.doctors.put('lebedeva', buildDoctor(), at, 'clinic');
      await stores.services.put('cleaning', buildService(service), at, 'clinic');
      await stores.patients.put('maria', buildPatient(patient), at, 'clinic');
      if (balance > 0) await stores.ledger.topUp('north', balance, 'first', at);
      for (const key of on) await stores.switches.change(branchOf(key), key, { enabled: true }, at);
    },
    async visit(id, overrides = {}, { quiet = false } = {}) {
      await stores.appointments.put(id, buildVisit(overrides), { at: clock.now(), by: 'clinic', quiet });
    },
    async patient(id, overrides = {}) {
      await stores.patients.put(id, buildPatient(overrides), clock.now(), 'clinic');
    },
    async settings(key, settings) {
      await stores.switches.change(branchOf(key), key, { settings }, clock.now());
      await planner.settingsChanged(branchOf(key), key);
    },
    async switch(key, enabled) {
      await stores.switches.change(branchOf(key), key, { enabled }, clock.now());
      await planner.settingsChanged(branchOf(key), key);
    },
    async to(instant) {
      await work();
      for (;;) {
        const next = await stores.outbox.nextLookAt(['scenario']);
        if (next === null || next > new Date(instant)) break;
        if (next > clock.now()) clock.set(next);
        await work();
      }
      clock.set(instant);
    },
    async rows(subject, scenario) {
      const rows = await stores.outbox.ofSubject(subject);
      return rows
        .filter((row) => row.kind === 'scenario' && (scenario === undefined || row.scenario === scenario))
        .map((row) => {
          const at = row.dueAt.toISOString().slice(5, 16);
          return `${row.scenario ?? ''} ${row.step}.${row.version} ${row.state} ${at} ${row.reason ?? ''}`.trim();
        })
        .sort();
    },
    async row(key) {
      const [row] = await stores.outbox.byKeys([key]);
      if (row === undefined) throw new Error(`no row ${key}`);
      return row;
    },
    texts: () => said,
  };
}
