import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';

const PROGRAM = fileURLToPath(new URL('../../packages/pocket-mongo/bin/pocket-mongod', import.meta.url));

/** A database server of the test's own, which it may stop and start while a service works on it. */
export interface OwnStore {
  readonly uri: string;
  /** kill -9: the service finds nobody there. */
  kill(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** Started, on a port that it keeps. */
export async function createOwnStore(): Promise<OwnStore> {
  const dbPath = mkdtempSync(join(tmpdir(), 'zabota-store-'));
  const port = await freePort();
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const started = spawn(
      process.execPath,
      [PROGRAM, '--dbpath', dbPath, '--port', String(port), '--bind_ip', '127.0.0.1'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    child = started;
    for await (const data of started.stdout)
      if (String(data).toLowerCase().includes('waiting for connections')) {
        started.stdout.resume();
        return;
      }
    throw new Error('The store did not start.');
  };
  const kill = async (): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };

  await start();
  return {
    uri: `mongodb://127.0.0.1:${port}/zabota`,
    kill,
    start,
    async remove() {
      await kill();
      rmSync(dbPath, { recursive: true, force: true });
    },
  };
}
