/** Runs up to `size` tasks side by side. Tasks see to their own errors. */
export interface Pool {
  /** Resolves with the number of free places, at least one. */
  free(): Promise<number>;
  run(task: () => Promise<void>): void;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

/** Runs tasks side by side, at most `size` at a time. A task handles its own failures. */
export function createPool(size: number): Pool {
  const running = new Set<Promise<void>>();
  return {
    async free() {
      while (running.size >= size) await Promise.race(running);
      return size - running.size;
    },
    run(task) {
      const place = task().finally(() => running.delete(place));
      running.add(place);
    },
    async idle() {
      while (running.size > 0) await Promise.race(running);
    },
  };
}
