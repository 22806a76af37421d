import type { Subject } from './message.ts';
import type { Page, PageRequest } from './page.ts';
import type { ChannelTried, Reason } from './reason.ts';
import type { ScenarioKey } from './scenario.ts';

/** A look at a subject that ended in a skip, as stored; one row a scenario, subject, step and version. */
export interface SkipRecord {
  readonly scenario: ScenarioKey;
  readonly subject: Subject;
  readonly patient: string;
  readonly branch: string;
  readonly reason: Reason;
  readonly at: Date;
}

export interface SkipStore {
  record(skip: SkipRecord, unique: string): Promise<void>;
  ofSubject(subject: Subject): Promise<readonly SkipRecord[]>;
}

/** One row of "why" (spec: api.md, GET /why). */
export interface WhyRow {
  readonly scenario: ScenarioKey;
  readonly subject: Subject;
  readonly decision: 'send' | 'wait' | 'skip';
  readonly reason?: Reason;
  /** The name of the rule that decided; the reason code where one failed, else `moment`, `sent` or `allRulesHold`. */
  readonly rule: string;
  readonly at: Date;
  readonly channelsTried: readonly ChannelTried[];
  readonly messages: readonly string[];
  /** For the offset of `at`. */
  readonly branch: string;
}

export interface WhyTeller {
  /** Null when there is no such appointment or patient. */
  ofAppointment(id: string, now: Date): Promise<readonly WhyRow[] | null>;
  ofPatient(id: string, now: Date): Promise<readonly WhyRow[] | null>;
}

/** One row of the preview: who would get what and when, or would not and why. */
export interface PreviewRow {
  readonly scenario: ScenarioKey;
  readonly subject: Subject;
  readonly patient: string;
  readonly branch: string;
  readonly decision: 'send' | 'wait' | 'skip';
  readonly reason?: Reason;
  readonly at: Date;
  readonly channel?: string;
  readonly text?: string;
}

export interface Previewer {
  /** The same rules over the next `days`, as if visits took place and patients stayed silent; nothing is sent. */
  preview(
    query: { branch?: string; scenario?: ScenarioKey; days: number },
    page: PageRequest,
    now: Date,
  ): Promise<Page<PreviewRow>>;
}
