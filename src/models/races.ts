import { AppError } from '../core/errors.ts';

/** What an attempt gives back when somebody else wrote the document first. */
export const LOST = Symbol('lost race');

const MOST_TRIES = 200;

/** Repeats read, decide and compare-and-set until it is not lost; every loss is somebody else's success. */
export async function untilWon<T>(attempt: () => Promise<T | typeof LOST>): Promise<T> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const result = await attempt();
    if (result !== LOST) return result;
  }
  throw new AppError('notReady', 'A document is written to by too many at once.');
}
