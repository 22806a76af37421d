/** Runs tasks one after another within a key and side by side across keys. A lane that is empty leaves the map. */
export interface Lanes {
  /** Runs the task behind those of the same key, whatever became of them; gives its outcome. */
  run<T>(key: string, task: () => Promise<T>): Promise<T>;
  /** Resolves when the lane of this key is empty. */
  idle(key: string): Promise<void>;
  /** Resolves when every lane is empty. */
  allIdle(): Promise<void>;
  /** How many lanes hold something. */
  count(): number;
}

/** Use one for each kind of order that is to be kept: per chat, or per process with a single key. */
export function createLanes(): Lanes {
  const tails = new Map<string, Promise<unknown>>();

  const idle = async (key: string): Promise<void> => {
    for (let tail = tails.get(key); tail !== undefined; tail = tails.get(key)) await tail;
  };

  return {
    run(key, task) {
      const before = tails.get(key) ?? Promise.resolve();
      const outcome = before.then(task);
      const tail = outcome
        .then(
          () => undefined,
          () => undefined,
        )
        .then(() => {
          if (tails.get(key) === tail) tails.delete(key);
        });
      tails.set(key, tail);
      return outcome;
    },
    idle,
    async allIdle() {
      for (let key = tails.keys().next(); !key.done; key = tails.keys().next()) await idle(key.value);
    },
    count: () => tails.size,
  };
}
