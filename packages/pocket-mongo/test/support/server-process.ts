import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/pocket-mongod', import.meta.url));

/** A folder of the test's own, and the function that takes it away. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'pm-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** How a run of the program ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A server that a test may kill. */
export interface ServerProcess {
  readonly child: ChildProcess;
  readonly socketPath: string;
  readonly uri: string;
  readonly ended: Promise<Ended>;
}

/** Runs the program until it ends. */
export const runProgram = (args: readonly string[]): Promise<Ended> => launch(args).ended;

/** What the operating system allows a process; a write beyond it fails. */
interface Limits {
  readonly largestFileKb: number;
}

function launch(
  args: readonly string[],
  limits?: Limits,
): { child: ChildProcess; ended: Promise<Ended>; ready: Promise<void> } {
  const command = [process.execPath, PROGRAM, ...args];
  const limited = ['/bin/bash', '-c', `ulimit -f ${String(limits?.largestFileKb)}; exec "$@"`, 'bash', ...command];
  const [program = '', ...rest] = limits ? limited : command;
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, output }));
  });
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes('Waiting for connections')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then(() => reject(new Error(output)));
  });
  ready.catch(() => undefined);
  return { child, ended, ready };
}

/** Starts the program on a folder and waits until it takes connections. */
export async function startServer(
  dbPath: string,
  flags: readonly string[] = [],
  limits?: Limits,
): Promise<ServerProcess> {
  const socketPath = join(dbPath, 'test.sock');
  const { child, ended, ready } = launch(['--dbpath', dbPath, '--socketPath', socketPath, ...flags], limits);
  await ready;
  return { child, ended, socketPath, uri: `mongodb://${encodeURIComponent(socketPath)}/?directConnection=true` };
}
