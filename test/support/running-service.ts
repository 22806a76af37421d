import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json: unknown;
}

/** The whole service as a process of its own, as `npm start` runs it, on a free port and a data folder that restarts keep. */
export interface RunningService {
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The answer's JSON; throws on 300 and above. */
  must<T>(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<T>;
  /** kill -9 of the process and its embedded store. */
  kill(): Promise<void>;
  /** SIGTERM; gives the exit code. */
  terminate(): Promise<number | null>;
  /** The process, for signals. */
  pid(): number;
  /** Resolves when the process has ended by itself, with the signal that ended it: SIGKILL at a crash point. */
  ended(): Promise<NodeJS.Signals | null>;
  start(environment?: Readonly<Record<string, string>>): Promise<void>;
  /** All that the process has written to stdout and stderr since its last start. */
  output(): string;
  readonly origin: string;
  readonly dataDir: string;
  /** Stops the process and takes its data away. */
  remove(): Promise<void>;
}

const READY_MS = 60_000;
const MOST_OUTPUT = 1_000_000;

/** Does not start it yet: `start` does, also after a kill. */
export async function createRunningService(base: Readonly<Record<string, string>>): Promise<RunningService> {
  const dataDir = mkdtempSync(join(tmpdir(), 'zabota-e2e-'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  let output = '';

  const call: RunningService['call'] = async (method, path, body, headers) => {
    const answer = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: {
        authorization: 'Bearer demo',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, text, json: parse(text) };
  };

  const ended = async (): Promise<NodeJS.Signals | null> => {
    const process = child;
    if (process?.exitCode !== null || process.signalCode !== null) return process?.signalCode ?? null;
    return new Promise((resolve) => {
      process.once('exit', (_code, signal) => resolve(signal));
    });
  };

  return {
    origin,
    dataDir,
    output: () => output,
    call,
    async must<T>(
      method: string,
      path: string,
      body?: unknown,
      headers?: Readonly<Record<string, string>>,
    ): Promise<T> {
      const answer = await call(method, path, body, headers);
      if (answer.status >= 300)
        throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text.slice(0, 400)}`);
      return answer.json as T;
    },
    async start(environment = {}) {
      output = '';
      const started = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
        env: {
          ...process.env,
          HOST: '127.0.0.1',
          PORT: String(port),
          DATA_DIR: dataDir,
          DEMO: '1',
          LOG_LEVEL: 'warn',
          ...base,
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      for (const stream of [started.stdout, started.stderr])
        stream.on('data', (data: Buffer) => (output = (output + data.toString()).slice(-MOST_OUTPUT)));
      for (let waited = 0; waited < READY_MS; waited += 100) {
        if (started.exitCode !== null || started.signalCode !== null)
          throw new Error(`The service ended before it was ready: ${output.slice(-4000)}`);
        const answer = await fetch(`${origin}/readyz`).catch(() => null);
        if (answer?.status === 200) return;
        await new Promise((resolve) => {
          setTimeout(resolve, 100);
        });
      }
      throw new Error(`The service was not ready in time: ${output.slice(-4000)}`);
    },
    ended,
    pid: () => child?.pid ?? 0,
    async terminate() {
      child?.kill('SIGTERM');
      await ended();
      return child?.exitCode ?? null;
    },
    async kill() {
      child?.kill('SIGKILL');
      await ended();
    },
    async remove() {
      child?.kill('SIGTERM');
      await ended();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
