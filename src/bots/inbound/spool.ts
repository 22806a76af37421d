import { constants } from 'node:fs';
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChatAddress } from '../../core/address.ts';
import type { Clock, WallClock } from '../../core/clock.ts';
import type { InboundMessage } from '../../core/inbound.ts';
import type { Log } from '../../core/log.ts';
import { createLanes } from '../lanes.ts';
import { createHeritage } from './heritage.ts';
import { createRefusedMessages } from './refused-messages.ts';

const LINE_BREAK = 10;
/** A service that lives has touched its file by then. */
const SILENCE_MS = 5_000;
const EXISTING = constants.O_WRONLY | constants.O_APPEND;

/** Keeps what patients say while the database is away (spec: issue "Real channels", 5; reliability.md B4, 16). */
export interface Spool {
  /** Resolves when the message is on disk. */
  put(message: InboundMessage): Promise<void>;
  /** True while nothing waits: only then may a message pass it by. */
  isEmpty(): boolean;
  /** Gives what waits to `take`, oldest first; at the first failure it stops and keeps the rest. A crash in between gives some of them again. */
  drain(take: (message: InboundMessage) => Promise<void>): Promise<void>;
  /** Shows the services that share the folder that this one lives; call it every second or so. */
  beat(): Promise<void>;
  /** Takes over what a service that is no more has left, and drops what was put aside long ago. Call it now and then, seconds apart. */
  tend(): Promise<void>;
  /** Keeps a message that the store refused for good in a file beside, for people to look at. */
  putAside(message: InboundMessage): Promise<void>;
  /** Takes what these chats said out of what was put aside. */
  forget(chats: readonly ChatAddress[]): Promise<void>;
}

/** One file, from its first message until all of it is taken. */
interface Batch {
  readonly path: string;
  size: number;
  read: number;
}

/**
 * Files that no other service writes to, readable by their owner only, gone when all is taken. At the start it takes over those of
 * services that are no more. Another may take ours if we sleep: then each of us has a part, and a message that both have is
 * dropped by its id.
 */
export async function createSpool(deps: {
  folder: string;
  /** This run of the service, among all that ever share the folder. */
  id: string;
  clock: Clock;
  wall: WallClock;
  pause: (ms: number) => Promise<void>;
  log: Log;
}): Promise<Spool> {
  const { folder, id, wall, log } = deps;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lanes = createLanes();
  const alone = <T>(task: () => Promise<T>): Promise<T> => lanes.run('spool', task);
  const refused = createRefusedMessages(folder, deps);
  let count = 0;
  const newPath = (): string => join(folder, `inbound-${id}-${(count += 1)}.ndjson`);
  const newBatch = (): Batch => ({ path: newPath(), size: 0, read: 0 });
  let batch = newBatch();

  const append = async (bytes: string | Uint8Array): Promise<void> => {
    const to = batch;
    try {
      const file = await open(to.path, to.size === 0 ? 'a' : EXISTING, 0o600);
      try {
        await file.appendFile(bytes);
        await file.datasync();
      } finally {
        await file.close();
      }
    } catch (error) {
      const wasThere = to.size > 0;
      // A full disk may have taken a part of it.
      to.size = await sizeOf(to.path);
      if (!isMissing(error) || !wasThere) throw error;
    }
    to.size = await sizeOf(to.path);
    if (to.size > 0) return;
    // Another service took the file, at this moment perhaps.
    batch = newBatch();
    await append(bytes);
  };
  const heritage = createHeritage(folder, id, newPath);
  const inherit = (): Promise<number> =>
    alone(async () => {
      const { left, waiting } = await heritage.look();
      for (const name of left) await heritage.take(name, append);
      return waiting;
    });

  try {
    if ((await inherit()) > 0) {
      await deps.pause(SILENCE_MS);
      await inherit();
    }
  } catch (error) {
    // A full disk is no reason not to serve; `tend` tries again.
    log.error('spool.untended', { error });
  }

  return {
    // The line break comes first: what a crash cut short never joins the next line.
    put: (message) => alone(() => append(`\n${JSON.stringify(message)}`)),
    isEmpty: () => batch.size === 0,
    async beat() {
      if (batch.size > 0) await heritage.touch(batch.path, new Date(wall.nowMs()));
    },
    async tend() {
      await inherit();
      await refused.dropOld();
    },
    putAside: refused.add,
    forget: refused.forget,
    async drain(take) {
      while (batch.size > 0) {
        const from = batch;
        const whole = await alone(() => readFile(from.path).catch(noFile));
        if (whole === null) {
          if (batch === from) batch = newBatch();
          continue;
        }
        while (from.read < whole.length) {
          // Counted in bytes: a character that a crash cut in half is no character.
          const found = whole.indexOf(LINE_BREAK, from.read);
          const end = found === -1 ? whole.length : found;
          const line = whole.toString('utf8', from.read, end);
          if (line !== '') {
            const message = parse(line);
            // A line that a crash cut short was never acknowledged.
            if (message === null) log.warn('spool.tornLine', { bytes: end - from.read });
            else await take(message);
          }
          from.read = Math.min(whole.length, end + 1);
        }
        await alone(async () => {
          if (batch !== from || from.size !== whole.length) return;
          await rm(from.path, { force: true });
          batch = newBatch();
        });
      }
    },
  };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** Another service has taken it over meanwhile. */
function noFile(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}

function parse(line: string): InboundMessage | null {
  try {
    const message = JSON.parse(line) as InboundMessage & { readonly at: string };
    return { ...message, at: new Date(message.at) };
  } catch {
    return null;
  }
}
