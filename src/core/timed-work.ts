/** What one run did: scenario messages handed to a channel, and subjects that ended in a skip. */
export interface WorkDone {
  readonly sent: number;
  readonly skipped: number;
}

export const NOTHING_DONE: WorkDone = { sent: 0, skipped: 0 };

/**
 * Work that falls due at known moments. Ticks, the demo clock and the wake-up timer all drive the same `run`; it is
 * re-entrant and safe to repeat. `run` does what is due at `now` or before and returns when that is done.
 */
export interface TimedWork {
  readonly name: string;
  /** The next moment at which `run` has something to do; null when nothing is planned. */
  nextAt(): Promise<Date | null>;
  run(now: Date): Promise<WorkDone>;
}
