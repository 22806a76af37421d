import { readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^inbound-.+\.ndjson$/;

/** Files of other services in a folder that several share: who lives touches theirs. No process id tells: each container has its own 1. */
export interface Heritage {
  /** Names that nobody has touched since the last look, and how many others there are. Seconds have to lie between two looks. */
  look(): Promise<{ readonly left: readonly string[]; readonly waiting: number }>;
  /** Hands a file's bytes on and removes it; of several services that try one does. A crash in between leaves it to the next, a failure to a later look. */
  take(name: string, keep: (bytes: Uint8Array) => Promise<void>): Promise<void>;
  touch(path: string, at: Date): Promise<void>;
}

/** `id` stands in the names of our own files; `newPath` gives one more. */
export function createHeritage(folder: string, id: string, newPath: () => string): Heritage {
  let seen: ReadonlyMap<string, number> = new Map();
  return {
    async look() {
      const names = (await readdir(folder)).filter((name) => NAME.test(name) && !name.startsWith(`inbound-${id}-`));
      const now = new Map<string, number>();
      for (const name of names.sort()) {
        const touchedMs = await touchedAt(join(folder, name));
        if (touchedMs !== null) now.set(name, touchedMs);
      }
      const left = [...now].filter(([name, ms]) => seen.get(name) === ms).map(([name]) => name);
      seen = now;
      return { left, waiting: now.size - left.length };
    },
    async take(name, keep) {
      const ours = newPath();
      try {
        await rename(join(folder, name), ours);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
        throw error;
      }
      try {
        await keep(await readFile(ours));
      } catch (error) {
        await rename(ours, join(folder, name));
        throw error;
      }
      await rm(ours);
    },
    async touch(path, at) {
      // Taken by another service, and found so at the next message.
      await utimes(path, at, at).catch(() => undefined);
    },
  };
}

async function touchedAt(path: string): Promise<number | null> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}
