import type { ChannelName } from './channel-name.ts';
import type { Locale } from './locale.ts';
import type { ScenarioCounts } from './message.ts';
import type { Block, ScenarioKey, Settings } from './scenario.ts';

/** Unmet conditions of a scenario (spec: scenarios.md, Preconditions). The last two do not stop it from working. */
export const PROBLEMS = [
  'noChannelConnected',
  'noBalance',
  'noHead',
  'noReviewSites',
  'noGeneralText',
  'noBooking',
  'warmingFirst',
  'noOffer',
  'noServiceTexts',
  'templateDiffers',
] as const;
export type Problem = (typeof PROBLEMS)[number];

type CardState = 'off' | 'working' | 'workingWithProblems' | 'notWorking';
export type OutcomeName = 'confirmed' | 'rebooked' | 'answered' | 'scored' | 'discountUsed';

export interface Outcome {
  readonly count: number;
  /** Of the messages sent, 0–1. */
  readonly share: number;
  /** Prices of the services of the visits that came of it, minor units. */
  readonly revenue: number;
}

export interface Fix {
  readonly problem: Problem;
  /** Locale key of the words; rendered by the admin in the reader's language. */
  readonly key: string;
  /** The place that mends it, a path of the API or console. */
  readonly path: string;
}

export interface ScenarioCard extends ScenarioCounts {
  readonly key: ScenarioKey;
  readonly branch: string | null;
  readonly block: Block;
  readonly enabled: boolean;
  readonly state: CardState;
  readonly problems: readonly Problem[];
  readonly fixes: readonly Fix[];
  readonly price: number;
  readonly prices: Readonly<Partial<Record<ChannelName, number>>>;
  readonly settings: Settings;
  readonly outcomes: Readonly<Partial<Record<OutcomeName, Outcome>>>;
  readonly spend: number;
  readonly next7Days: number;
  readonly last7Days: number;
}

export interface BranchOverview {
  readonly branch: string;
  readonly working: number;
  readonly total: number;
  readonly share: number;
  readonly balance: number;
  readonly currency: string;
}

export interface Overview {
  readonly state: 'working' | 'notWorking' | 'off';
  readonly working: number;
  readonly total: number;
  readonly share: number;
  readonly blocks: Readonly<Record<Block, { readonly working: number; readonly total: number }>>;
  readonly outcomes: Readonly<Partial<Record<OutcomeName, Outcome>>>;
  readonly spend: number;
  readonly branches: readonly BranchOverview[];
}

/** Cards, switches and settings of scenarios, as the API, the console and the bot commands need them. */
export interface Cards {
  card(branch: string | null, key: ScenarioKey, now: Date): Promise<ScenarioCard>;
  ofBranch(branch: string, now: Date): Promise<readonly ScenarioCard[]>;
  overview(now: Date, branch?: string): Promise<Overview>;
  /** Validates settings (`AppError('invalid')` with paths) and preconditions (`AppError('preconditions')`, details `{problems, fixes}`); changes all or nothing, then re-plans. */
  change(
    branch: string | null,
    key: ScenarioKey,
    change: { enabled?: boolean; settings?: Readonly<Record<string, unknown>> },
    now: Date,
  ): Promise<ScenarioCard>;
  resetText(branch: string | null, key: ScenarioKey, now: Date): Promise<ScenarioCard>;
  /** An example of what a patient would read, and a description of what the scenario does, for whom and for whom not. */
  example(
    branch: string | null,
    key: ScenarioKey,
    options: { locale: Locale; channel?: ChannelName },
    now: Date,
  ): Promise<{ text: string; description: string }>;
}
