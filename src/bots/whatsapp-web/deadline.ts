import type { ChannelDeps } from '../channel-deps.ts';

/** What a promise gives that had no outcome within its time. */
export const LATE = Symbol('late');

/** The promise's outcome, or `LATE` after so many ms; no timer stays behind. */
export type Within = <T>(ms: number, promise: Promise<T>) => Promise<T | typeof LATE>;

/** Deadlines on the channel's own timers. */
export function createWithin({ every }: Pick<ChannelDeps, 'every'>): Within {
  return async (ms, promise) => {
    let stop = (): void => undefined;
    const deadline = new Promise<typeof LATE>((resolve) => {
      stop = every(ms, () => resolve(LATE));
    });
    try {
      return await Promise.race([promise, deadline]);
    } finally {
      stop();
    }
  };
}
