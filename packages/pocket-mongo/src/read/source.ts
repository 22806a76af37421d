import type { Stored } from '../storage/collection.ts';

/** One step of work that found nothing; there may be more. */
export const MISS = Symbol('miss');

/** Gives documents one by one. Each step does a bounded piece of work, so that a long search can be put aside. */
export interface Source<T> {
  /** The next document, MISS when this step found none, undefined at the end. */
  step(): T | typeof MISS | undefined;
}

/** A stored document that was found. */
export type Hit = Stored;

/** All that a source still has, without pauses. */
export function* drained<T>(source: Source<T>): Generator<T, void, undefined> {
  for (;;) {
    const next = source.step();
    if (next === undefined) return;
    if (next !== MISS) yield next;
  }
}
