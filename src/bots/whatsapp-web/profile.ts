import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { NewId } from '../../core/clock.ts';

/** The folder of the linked session: one process at a time holds it. */
export interface Profile {
  readonly sessionDir: string;
  /** True when it is ours from now on; false while another living process has it. Ends a browser that a dead one left. */
  take(): Promise<boolean>;
  release(): Promise<void>;
  /** The browser that works in it, so that a later run can end it. */
  browserIs(pid: number): Promise<void>;
  /** Removes the linked device; the next browser has to be linked anew. */
  forget(): Promise<void>;
  /** A name of the session that it keeps over restarts. */
  id(newId: NewId): Promise<string>;
}

const run = promisify(execFile);
const PATIENCE_MS = 200;
/** Longer paths of sockets are cut without a word. */
const LONGEST_PATH = 100;
/** Where LocalAuth has the browser's profile, and what a browser that died leaves in it: another host's lock would stop the next. */
const BROWSER_PROFILE = 'session';
const BROWSER_LOCKS = ['SingletonLock', 'SingletonSocket', 'SingletonCookie'];

/** The lock is a socket: the system closes it with its process, however that ends, and it holds between containers too. */
export function createProfile(sessionDir: string, { pause }: { pause: (ms: number) => Promise<void> }): Profile {
  const inside = join(sessionDir, 'lock');
  const short = join(tmpdir(), `zabota-${createHash('sha256').update(sessionDir).digest('hex').slice(0, 16)}`);
  const socket = Buffer.byteLength(inside) > LONGEST_PATH ? short : inside;
  const pidFile = join(sessionDir, 'browser.pid');
  let held: Server | null = null;

  const ensureFolder = async (): Promise<void> => {
    await mkdir(sessionDir, { recursive: true, mode: 0o700 });
    await chmod(sessionDir, 0o700);
  };
  const endStaleBrowser = async (): Promise<void> => {
    const pid = await readFile(pidFile, 'utf8').catch(() => '');
    if (/^\d+$/.test(pid) && (await commandOf(pid)).includes(sessionDir))
      await run('/bin/sh', ['-c', 'kill -9 "$1"', 'sh', pid]).catch(() => undefined);
    for (const name of BROWSER_LOCKS) await rm(join(sessionDir, BROWSER_PROFILE, name), { force: true });
  };

  return {
    sessionDir,
    async take() {
      if (held !== null) return true;
      await ensureFolder();
      if (await answers(socket)) return false;
      await rm(socket, { force: true });
      const server = await listen(socket);
      if (server === null) return false;
      // Of two that found the same dead lock the later one has removed the other's.
      const ours = await inode(socket);
      await pause(PATIENCE_MS);
      if ((await inode(socket)) !== ours) {
        server.close();
        return false;
      }
      held = server;
      await endStaleBrowser();
      return true;
    },
    async release() {
      const server = held;
      held = null;
      if (server === null) return;
      server.close();
      await once(server, 'close');
    },
    browserIs: (pid) => writeFile(pidFile, String(pid), { mode: 0o600 }),
    forget: () => rm(join(sessionDir, BROWSER_PROFILE), { recursive: true, force: true, maxRetries: 10 }),
    async id(newId) {
      const file = join(sessionDir, 'id');
      const known = await readFile(file, 'utf8').catch(() => '');
      await ensureFolder();
      if (known !== '') return known;
      const id = newId();
      await writeFile(file, id, { mode: 0o600 });
      return id;
    },
  };
}

/** The command line of a process; empty when there is none. */
async function commandOf(pid: string): Promise<string> {
  const ofLinux = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (ofLinux !== '') return ofLinux;
  return run('ps', ['-o', 'command=', '-p', pid]).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = connect(path);
    asking.once('connect', () => {
      asking.destroy();
      resolve(true);
    });
    asking.once('error', () => resolve(false));
  });
}

function listen(path: string): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((asking) => asking.destroy());
    server.once('error', () => resolve(null));
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

async function inode(path: string): Promise<number | null> {
  return lstat(path).then(
    ({ ino }) => ino,
    () => null,
  );
}
