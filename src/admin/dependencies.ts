import type { Plugin } from '@hapi/hapi';
import type { Cards } from '../core/card.ts';
import type { ChannelsHealth } from '../core/channel.ts';
import type { ChannelControl } from '../core/channel-control.ts';
import type { Clock, NewId, WallClock } from '../core/clock.ts';
import type { Render } from '../core/content.ts';
import type { Inbox } from '../core/conversation.ts';
import type { Previewer, WhyTeller } from '../core/decision.ts';
import type { Replay, Simulator } from '../core/demo.ts';
import type { Hook, HookName } from '../core/hook.ts';
import type { Log } from '../core/log.ts';
import type { LookAtPlanned, MessageDesk } from '../core/message-desk.ts';
import type { Metrics } from '../core/metrics.ts';
import type { Stores } from '../core/stores.ts';
import type { TakeCare } from '../core/survey.ts';

/** Whether the service may be sent traffic; `reasons` are codes such as `database`. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  /** The longest that the event loop stood still in the last minute. */
  readonly eventLoopLagMs: number;
}

/** What the demo adds: a clock that moves, phones, and the way back to the start. */
export interface DemoPorts {
  readonly replay: Replay;
  readonly simulator: Simulator;
  /** Empties the database and starts the demo anew, sample clinic included where there was one. */
  readonly reset: () => Promise<void>;
}

/** Everything that the HTTP server needs of the rest of the house. */
export interface AdminDependencies {
  readonly stores: Stores;
  readonly cards: Cards;
  readonly why: WhyTeller;
  readonly previewer: Previewer;
  readonly inbox: Inbox;
  readonly takeCare: TakeCare;
  readonly desk: MessageDesk;
  readonly lookAtPlanned: LookAtPlanned;
  readonly render: Render;
  readonly health: () => ChannelsHealth;
  readonly channelControl: ChannelControl;
  readonly ready: () => Promise<Readiness>;
  readonly metrics: Metrics;
  readonly metricsText: () => Promise<string>;
  readonly clock: Clock;
  readonly wall: WallClock;
  readonly newId: NewId;
  /** A secret of 128 bits or more, safe in URLs, at most 64 characters. */
  readonly newToken: () => string;
  readonly hashToken: (token: string) => string;
  readonly ownerToken: string;
  /** The Telegram bot's user name, for deep links; null while Telegram has not told it. */
  readonly botName: () => string | null;
  /** The doors of the platforms that are set up. */
  readonly hooks: ReadonlyMap<HookName, Hook>;
  /** Null where the service is no demo: its routes are then not there. */
  readonly demo: DemoPorts | null;
  readonly log: Log;
  /** Told when held messages may go now, so that nobody waits for the next tick. */
  readonly poke?: () => void;
}

/** Where to listen and what else to serve. */
export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  /** The page at `/`. */
  readonly console?: Plugin<void>;
  /** Holds every answer to its schema of the documentation; for tests. */
  readonly checkAnswers?: boolean;
}
