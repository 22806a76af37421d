import type { ChatAddress } from './address.ts';
import type { ChannelName } from './channel-name.ts';
import type { SimulatedMessage, SimulatedMode } from './simulator.ts';

/** How far the demo clock is to go: to an instant, by a span of milliseconds, or with real time. */
export type ClockMove = { readonly to: Date } | { readonly advanceMs: number } | { readonly run: boolean };

/** The movable clock of the demo and what it drives (spec: api.md, Demo). */
export interface Replay {
  state(): { readonly now: Date; readonly running: boolean };
  /** The next moment at which something falls due. */
  nextAt(): Promise<Date | null>;
  /** Plays what is due now and on the way, each at its own moment; moves queue. Throws `AppError('clockBackwards')`. */
  move(move: ClockMove): Promise<{ readonly now: Date; readonly sent: number; readonly skipped: number }>;
}

/** What a patient does on the simulated phone; `message` and `quote` are ids of the chat's lines. */
export type SimulatedAct =
  | { readonly text: string; readonly quote?: string }
  | { readonly choice: string; readonly message?: string }
  | { readonly contact: { readonly phone: string } }
  | { readonly media: 'voice' | 'image' | 'sticker' };

/** The simulated phones. */
export interface Simulator {
  chats(): Promise<readonly SimulatedMessage[]>;
  messages(at: ChatAddress, after?: string): Promise<readonly SimulatedMessage[]>;
  /** Resolves with the bot's new lines when its replies are out. Throws `AppError('invalid')` for a choice that no message offers. */
  act(at: ChatAddress, act: SimulatedAct): Promise<readonly SimulatedMessage[]>;
  setMode(channel: ChannelName, mode: SimulatedMode): Promise<void>;
  setReachable(at: ChatAddress, reachable: boolean): Promise<void>;
}
