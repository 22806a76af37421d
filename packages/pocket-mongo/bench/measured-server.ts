import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../bin/pocket-mongod', import.meta.url));

/** A server process with its time to open, its memory, and the choice to end it well or not. */
export interface MeasuredServer {
  readonly child: ChildProcess;
  readonly uri: string;
  readonly openMs: number;
  /** Resident memory in MB. */
  resident(): number;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts the program on a folder; the time runs from the start of the process until it takes connections. */
export async function startMeasured(dbPath: string): Promise<MeasuredServer> {
  const socketPath = join(dbPath, 'bench.sock');
  const startedAt = performance.now();
  const child = spawn(process.execPath, [PROGRAM, '--dbpath', dbPath, '--socketPath', socketPath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return {
    child,
    uri: `mongodb://${encodeURIComponent(socketPath)}/bench?directConnection=true`,
    openMs: performance.now() - startedAt,
    resident: () => {
      const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    },
    end: async (signal) => {
      const closed = once(child, 'close');
      child.kill(signal);
      await closed;
    },
  };
}
