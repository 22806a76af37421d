import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { InboundMessage } from '../../core/inbound.ts';
import type { Log } from '../../core/log.ts';
import { createLanes } from '../lanes.ts';

const NAME = /^inbound-(\d+)\.ndjson$/;
const LINE_BREAK = 10;

/** Keeps what patients say while the database is away (spec: issue "Real channels", 5; reliability.md B4, 16). */
export interface Spool {
  /** Resolves when the message is on disk. */
  put(message: InboundMessage): Promise<void>;
  /** True while nothing waits: only then may a message pass it by. */
  isEmpty(): boolean;
  /** Gives what waits to `take`, oldest first; at the first failure it stops and keeps the rest. A crash in between gives some of them again. */
  drain(take: (message: InboundMessage) => Promise<void>): Promise<void>;
  /** Keeps a message that the store refused for good in a file beside, for people to look at. */
  putAside(message: InboundMessage): Promise<void>;
}

/**
 * One file a process, readable by its owner only, gone when all is taken. At the start it takes over the files of processes
 * that are no more; two services may share a folder.
 */
export async function createSpool(deps: {
  folder: string;
  pid: number;
  isRunning: (pid: number) => boolean;
  log: Log;
}): Promise<Spool> {
  const { folder, pid, log } = deps;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const own = join(folder, `inbound-${pid}.ndjson`);
  const lanes = createLanes();
  const alone = <T>(task: () => Promise<T>): Promise<T> => lanes.run('spool', task);

  const append = async (text: string | Uint8Array, path = own): Promise<void> => {
    const file = await open(path, 'a', 0o600);
    try {
      await file.appendFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
  };

  for (const name of (await readdir(folder)).sort()) {
    const writer = Number(NAME.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(writer) || writer === pid || deps.isRunning(writer)) continue;
    // Copied, then removed: what a crash or another start in between copies twice is dropped by its id.
    const left = await readFile(join(folder, name)).catch(noFile);
    if (left === null) continue;
    await append(left);
    await rm(join(folder, name), { force: true });
  }
  let size = await sizeOf(own);
  let read = 0;

  return {
    put: (message) =>
      alone(async () => {
        // The line break comes first: what a crash cut short never joins the next line.
        try {
          await append(`\n${JSON.stringify(message)}`);
        } finally {
          // A full disk may have taken a part of it.
          size = await sizeOf(own);
        }
      }),
    isEmpty: () => size === 0,
    putAside: (message) => append(`\n${JSON.stringify(message)}`, join(folder, 'refused.ndjson')),
    async drain(take) {
      while (size > 0) {
        const whole = await alone(() => readFile(own));
        while (read < whole.length) {
          // Counted in bytes: a character that a crash cut in half is no character.
          const found = whole.indexOf(LINE_BREAK, read);
          const end = found === -1 ? whole.length : found;
          const line = whole.toString('utf8', read, end);
          if (line !== '') {
            const message = parse(line);
            // A line that a crash cut short was never acknowledged.
            if (message === null) log.warn('spool.tornLine', { bytes: end - read });
            else await take(message);
          }
          read = Math.min(whole.length, end + 1);
        }
        await alone(async () => {
          if (size !== whole.length) return;
          await rm(own);
          [size, read] = [0, 0];
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

/** Another process that starts has taken it over meanwhile. */
function noFile(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
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
