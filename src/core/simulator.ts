import type { ChatAddress } from './address.ts';
import type { ChannelName } from './channel-name.ts';
import type { RenderedChoice } from './content.ts';
import type { InboundBody } from './inbound.ts';

/** A line of a simulated chat, as the phone in the console shows it. */
export interface SimulatedMessage {
  readonly id: string;
  readonly at: ChatAddress;
  readonly from: 'bot' | 'patient';
  readonly sentAt: Date;
  readonly text: string;
  readonly choices: readonly RenderedChoice[];
  readonly status: 'sent' | 'delivered' | 'read';
  /** Bot lines: our attempt and message. */
  readonly attemptId?: string;
  readonly messageId?: string;
  /** Patient lines: what was done. */
  readonly body?: InboundBody;
}

export type SimulatedMode = 'up' | 'down' | 'limited' | 'failing' | 'silent';

/** What a simulated platform remembers; it outlives a restart of the service as a real platform would. */
export interface SimulatorStore {
  /** Stores a line; the same id (bot: the attempt id) again changes nothing. Lines of a chat come back in the order of storing. */
  add(message: SimulatedMessage): Promise<void>;
  byAttempt(attemptId: string): Promise<SimulatedMessage | null>;
  byId(id: string): Promise<SimulatedMessage | null>;
  ofChat(at: ChatAddress, after?: string): Promise<readonly SimulatedMessage[]>;
  /** Every chat with its newest line, newest first. */
  chats(): Promise<readonly SimulatedMessage[]>;
  markRead(at: ChatAddress): Promise<readonly SimulatedMessage[]>;
  mode(channel: ChannelName): Promise<{ mode: SimulatedMode; since: Date } | null>;
  setMode(channel: ChannelName, mode: SimulatedMode, since: Date): Promise<void>;
  isUnreachable(at: ChatAddress): Promise<boolean>;
  setReachable(at: ChatAddress, reachable: boolean): Promise<void>;
  clock(): Promise<{ now: Date; running: boolean } | null>;
  saveClock(state: { now: Date; running: boolean }): Promise<void>;
  /** Whether the sample clinic was loaded; set once. */
  sampleLoaded(): Promise<boolean>;
  markSampleLoaded(): Promise<void>;
  /** Takes away everything in the database, the clock's place too (`POST /demo/reset`). */
  reset(): Promise<void>;
}
