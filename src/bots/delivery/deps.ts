import type { Channel } from '../../core/channel.ts';
import type { ChannelName } from '../../core/channel-name.ts';
import type { Clock, NewId, WallClock } from '../../core/clock.ts';
import type { Render } from '../../core/content.ts';
import type { Questions } from '../../core/conversation.ts';
import type { InboundStore } from '../../core/inbound.ts';
import type { Log } from '../../core/log.ts';
import type { Decider, Message, OutboxStore, Repeatable } from '../../core/message.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { LedgerStore } from '../../core/money.ts';
import type { ParkedReceipts } from '../../core/parked-receipts.ts';
import type { IdentityStore } from '../../core/patient.ts';
import type { ScenarioKey } from '../../core/scenario.ts';
import type { Pacing } from '../pacing.ts';
import type { Enclosures } from './enclosures.ts';

/** The part of the outbox that delivery works on. */
export type DeliveryOutbox = Pick<
  OutboxStore,
  | 'plan'
  | 'get'
  | 'list'
  | 'byProviderId'
  | 'byAttempt'
  | 'setAside'
  | 'claim'
  | 'save'
  | 'nextLookAt'
  | 'releaseClaims'
  | 'unsettled'
>;

/** All that delivery needs of the other rooms. */
export interface DeliveryDeps {
  readonly outbox: DeliveryOutbox;
  readonly ledger: Pick<LedgerStore, 'hold' | 'charge' | 'release' | 'refund'>;
  readonly parkedReceipts: ParkedReceipts;
  readonly identities: Pick<IdentityStore, 'sawOutbound' | 'at' | 'close'>;
  readonly inbound: Pick<InboundStore, 'newestOfChat'>;
  /** What a channel may say of the branch and the visit beside the text. */
  readonly enclosures: Enclosures;
  readonly conversations: Questions;
  /** Told of a reply that was refused, too old, or of unknown fate: it is not said again. May be told twice. */
  readonly replyLost?: (reply: Message) => Promise<void>;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly pacing: Pacing;
  readonly decider: Decider;
  readonly render: Render;
  /** How an unknown outcome of a scenario is treated (spec: reliability.md B3). */
  readonly repeatable: (scenario: ScenarioKey) => Repeatable;
  /** The IANA zone of a branch, for the day that a charge counts on. */
  readonly zoneOf: (branch: string) => Promise<string>;
  readonly clock: Clock;
  readonly wall: WallClock;
  /** Resolves after so many real milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  readonly newId: NewId;
  /** This process among those that share the outbox. */
  readonly owner: string;
  /** True when no other process works on this outbox: recovery need not wait for leases. */
  readonly exclusive: boolean;
  /** Keys of the branches, among which due messages are shared out; absent: strictly in their order. */
  readonly branches?: () => Promise<readonly string[]>;
  /** How many scenario messages are worked on at a time; 1 keeps their order to the letter. */
  readonly concurrency: number;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'sent' | 'skipped' | 'refused' | 'unknown' | 'lateSeconds'>;
  /** Named stages at which a test ends the process. */
  readonly crash?: (point: CrashPoint) => void;
}

export type CrashPoint =
  | 'claim:after'
  | 'hold:after'
  | 'open:after'
  | 'send:before'
  | 'send:after-response'
  | 'record:before'
  | 'record:after'
  | 'charge:after';

/** A claim holds for a minute of real time; a channel has to answer well within it. */
export const LEASE_MS = 60_000;
export const ANSWER_MS = 45_000;
