import { fileURLToPath } from 'node:url';
import type { Appointment } from '../../src/core/appointment.ts';
import type { Branch } from '../../src/core/branch.ts';
import type { ChannelHealth, ChannelsHealth } from '../../src/core/channel.ts';
import { CHANNELS, type ChannelName } from '../../src/core/channel-name.ts';
import type { Render } from '../../src/core/content.ts';
import { DEFAULT_SETTINGS } from '../../src/core/default-settings.ts';
import type { Doctor } from '../../src/core/doctor.ts';
import { DEFAULT_PRICES } from '../../src/core/money.ts';
import type { Identity, Patient } from '../../src/core/patient.ts';
import {
  SCENARIOS,
  type ScenarioKey,
  type ScenarioSwitch,
  type SettingsOf,
  type Switches,
} from '../../src/core/scenario.ts';
import type { Service } from '../../src/core/service.ts';
import { createRender, loadDictionaries } from '../../src/i18n.ts';
import { mobilesOf } from '../../src/scenarios/addressee.ts';
import { BIRTHDAY, isVisitScenario, VISIT_SCENARIOS } from '../../src/scenarios/catalogue.ts';
import { type Deciding, type Decision, decide } from '../../src/scenarios/decide.ts';
import type { Facts, VisitFacts } from '../../src/scenarios/facts.ts';
import { buildBranch, buildDoctor, buildPatient, buildService, buildVisit } from './stored-clinic.ts';

/** Friday 20 November 2026, 12:00 in Moscow: when the visit of these facts was booked. */
const BOOKED = new Date('2026-11-20T09:00:00Z');
const STAMP = { changedAt: BOOKED, changedBy: 'clinic', storedAt: BOOKED } as const;

/** The real words, rendered as the service does. */
export async function realRender(): Promise<Render> {
  return createRender(loadDictionaries(fileURLToPath(new URL('../../locales', import.meta.url))));
}

/** What differs from a patient Мария with a visit on Tuesday 24 November 2026, 10:00–10:30 in Moscow, all scenarios on. */
export interface Differences extends Partial<Omit<Facts, 'visit' | 'branch' | 'patient' | 'switches' | 'health'>> {
  readonly appointment?: Partial<Appointment>;
  readonly doctor?: Partial<Doctor>;
  readonly services?: readonly Partial<Service>[];
  readonly answeredAt?: Date;
  readonly branch?: Partial<Branch>;
  readonly patient?: Partial<Patient>;
  readonly guardian?: Partial<Patient>;
  readonly identities?: readonly Partial<Identity>[];
  readonly stopped?: readonly string[];
  readonly settings?: { readonly [K in ScenarioKey]?: Partial<SettingsOf[K]> };
  readonly off?: readonly ScenarioKey[];
  readonly enabledAt?: Date;
  readonly health?: Partial<Record<ChannelName, Partial<ChannelHealth>>>;
}

/** Facts about that visit. */
export function visitFacts(different: Differences = {}): VisitFacts {
  const { appointment, doctor, services = [{}], answeredAt = null } = different;
  const body = buildVisit();
  return {
    ...patientFacts(different),
    visit: {
      appointment: {
        ...STAMP,
        id: 'visit',
        ...body,
        bookedAt: BOOKED,
        bookedAtGiven: true,
        quiet: false,
        version: 0,
        statusAt: BOOKED,
        clinic: null,
        rev: 0,
        ...appointment,
      },
      doctor: { ...STAMP, id: 'lebedeva', ...buildDoctor(), ...doctor },
      services: services.map((service) => ({ ...STAMP, id: 'cleaning', ...buildService(), ...service })),
      answeredAt,
    },
  };
}

/** Facts about the patient alone, for the birthday. */
export function patientFacts(different: Differences = {}): Facts {
  const { appointment, doctor, services, answeredAt, settings, off, enabledAt, identities, stopped, ...rest } =
    different;
  const patient: Patient = { ...STAMP, id: 'maria', ...buildPatient(), ...different.patient };
  const guardian: Patient | null =
    different.guardian === undefined
      ? null
      : { ...STAMP, id: 'olga', ...buildPatient({ firstName: 'Ольга' }), ...different.guardian };
  const branch: Branch = { ...STAMP, id: 'north', ...buildBranch(), ...different.branch };
  const person = guardian ?? patient;
  return {
    killSwitch: false,
    visits: [],
    warmedAt: new Date('2026-06-01T09:00:00Z'),
    year: 2026,
    greetedYears: [],
    step: 1,
    asked: null,
    slots: [],
    prices: DEFAULT_PRICES,
    available: 100_000,
    waiting: null,
    refusedOn: [],
    ...rest,
    switches: switchesWith(settings ?? {}, off ?? [], enabledAt ?? new Date('2026-01-01T00:00:00Z')),
    health: healthWith(different.health ?? {}),
    branch,
    patient,
    addressee: {
      person,
      locale: person.chosenLocale ?? person.locale ?? branch.locale,
      mobiles: mobilesOf(patient, guardian, appointment?.phone),
      identities: (identities ?? []).map((one) => ({
        channel: 'telegram',
        address: '777',
        patient: person.id,
        ...one,
      })),
      stopped: new Set(stopped ?? []),
    },
    visit: null,
  };
}

function switchesWith(
  settings: NonNullable<Differences['settings']>,
  off: readonly ScenarioKey[],
  enabledAt: Date,
): Switches {
  const entries = SCENARIOS.map((key): [ScenarioKey, ScenarioSwitch] => [
    key,
    {
      key,
      branch: key === 'birthday' ? null : 'north',
      enabled: !off.includes(key),
      enabledAt,
      firstEnabledAt: enabledAt,
      settings: { ...DEFAULT_SETTINGS[key], ...settings[key] },
    },
  ]);
  return Object.fromEntries(entries) as unknown as Switches;
}

/** WhatsApp, Telegram and SMS are up, the others are not set up. */
export function healthWith(different: NonNullable<Differences['health']>): ChannelsHealth {
  const entries = CHANNELS.map((name): [ChannelName, ChannelHealth] => [
    name,
    { state: name === 'email' || name === 'voice' ? 'off' : 'up', since: BOOKED, ...different[name] },
  ]);
  return Object.fromEntries(entries) as unknown as ChannelsHealth;
}

/** What a scenario decides about such facts at a moment given in the branch's own time. */
export function decideAt(
  key: ScenarioKey,
  different: Differences,
  now: string,
  render: Render,
  more: Partial<Deciding> = {},
): Decision {
  const deciding = { now: new Date(now), render, ...more };
  return isVisitScenario(key)
    ? decide(VISIT_SCENARIOS[key], visitFacts(different), deciding)
    : decide(BIRTHDAY, patientFacts(different), deciding);
}

/** A decision in short: `send`, `wait …`, or `skip …`. */
export function short(decision: Decision): string {
  switch (decision.kind) {
    case 'send':
      return `send ${decision.channel} ${decision.to}`;
    case 'wait':
      return `wait ${decision.until.toISOString()}${decision.reason ? ` ${decision.reason}` : ''}`;
    case 'skip':
      return `skip ${decision.reason}`;
    case 'fail':
      return 'fail';
    default:
      return decision satisfies never;
  }
}
