import { MISS, type Source } from './source.ts';

/** Leaves out the first `skip` of a source and ends after `limit` (all when undefined). */
export function paged<T>(source: Source<T>, skip: number, limit: number | undefined): Source<T> {
  let toSkip = skip;
  let left = limit ?? Number.POSITIVE_INFINITY;
  return {
    step: () => {
      if (left <= 0) return undefined;
      const next = source.step();
      if (next === undefined || next === MISS) return next;
      if (toSkip > 0) {
        toSkip--;
        return MISS;
      }
      left--;
      return next;
    },
  };
}
