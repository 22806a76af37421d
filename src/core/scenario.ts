import type { ChannelName } from './channel-name.ts';
import type { Locale } from './locale.ts';

export const BRANCH_SCENARIOS = [
  'details',
  'greeting',
  'confirmation',
  'reminder',
  'recommendationsBefore',
  'recommendationsAfter',
  'survey',
  'returnAfterNoShow',
  'returnAfterCancellation',
] as const;
export const SCENARIOS = [...BRANCH_SCENARIOS, 'birthday'] as const;
export type ScenarioKey = (typeof SCENARIOS)[number];
export type Block = 'warming' | 'growth';

/** The block of a scenario: growth brings patients back, warming accompanies a visit (spec: scenarios.md, Blocks). */
export function blockOf(key: ScenarioKey): Block {
  return key === 'birthday' || key === 'returnAfterCancellation' || key === 'returnAfterNoShow' ? 'growth' : 'warming';
}

export const WARMING: readonly ScenarioKey[] = SCENARIOS.filter((key) => blockOf(key) === 'warming');

/** Hours of the day, `HH:MM`, the start included and the end not. */
export interface Hours {
  readonly from: string;
  readonly to: string;
}

interface CommonSettings {
  /** Own texts by locale; a locale left out has the default text. */
  readonly texts: Readonly<Partial<Record<Locale, string>>>;
  readonly channels?: readonly ChannelName[];
}

/** The settings of each scenario, effective (defaults filled in). Source: scenarios.md, Settings. */
export interface SettingsOf {
  readonly details: CommonSettings;
  readonly greeting: CommonSettings & { readonly rule: 'newOrReturning' | 'firstVisit' };
  readonly confirmation: CommonSettings & {
    readonly leadHours: number;
    readonly window: Hours;
    readonly second: 'nobody' | 'everybody' | 'unreliable';
    readonly secondAfterHours: number;
  };
  readonly reminder: CommonSettings & {
    readonly leadHours: number;
    readonly window: Hours;
    readonly minLeadHours: number;
  };
  readonly recommendationsBefore: CommonSettings & { readonly generalText: string };
  readonly recommendationsAfter: CommonSettings;
  readonly survey: CommonSettings & {
    readonly afterHours: number;
    readonly lowScore: number;
    readonly reviewLinks: 'everyone' | 'highScoresOnly';
    readonly sites: readonly string[];
    readonly alertTo: { readonly email?: string; readonly telegram?: string };
    readonly showPhone: boolean;
    readonly expiresHours: number;
    readonly repeatDays: number;
  };
  readonly returnAfterNoShow: CommonSettings;
  readonly returnAfterCancellation: CommonSettings & { readonly countFrom: 'cancellation' | 'visit' };
  readonly birthday: CommonSettings & {
    readonly daysBefore: number;
    readonly percent?: number;
    readonly validDays?: number;
    readonly services: string;
  };
}

export type Settings = SettingsOf[ScenarioKey];

/** A scenario's switch in a branch; the birthday's has branch null. */
export interface ScenarioSwitch<K extends ScenarioKey = ScenarioKey> {
  readonly key: K;
  readonly branch: string | null;
  readonly enabled: boolean;
  /** When it was last switched on; earlier moments are `tooLate`. */
  readonly enabledAt: Date | null;
  readonly firstEnabledAt: Date | null;
  readonly settings: SettingsOf[K];
}

export type Switches = { readonly [K in ScenarioKey]: ScenarioSwitch<K> };

export interface SwitchStore {
  /** All ten as they stand for a branch, defaults where nothing was set. */
  ofBranch(branch: string): Promise<Switches>;
  get<K extends ScenarioKey>(branch: string | null, key: K): Promise<ScenarioSwitch<K>>;
  /** Replaces the given settings one by one (`texts` by locale; null takes a text away) and the switch. Returns what stands now. */
  change<K extends ScenarioKey>(
    branch: string | null,
    key: K,
    change: { enabled?: boolean; settings?: Partial<SettingsOf[K]>; resetTexts?: boolean },
    at: Date,
  ): Promise<ScenarioSwitch<K>>;
}

/** The clinic-wide kill switch; off by default. */
export interface KillSwitchStore {
  isOn(): Promise<boolean>;
  set(on: boolean, at: Date): Promise<void>;
}
