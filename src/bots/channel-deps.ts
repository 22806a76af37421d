import type { ChannelMemory } from '../core/channel-memory.ts';
import type { Clock, NewId, WallClock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Taps } from './taps.ts';

/** What every real channel is built with, beside its settings. */
export interface ChannelDeps {
  readonly clock: Clock;
  /** Real milliseconds; platforms know no demo clock. */
  readonly wall: WallClock;
  readonly newId: NewId;
  /** A number from 0 up to, not including, 1. */
  readonly chance: () => number;
  /** Resolves after so many real milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  /** Ticks until the returned function is called. */
  readonly every: (ms: number, tick: () => void) => () => void;
  readonly memory: ChannelMemory;
  readonly taps: Taps;
  readonly log: Log;
}
