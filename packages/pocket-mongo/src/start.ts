import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A running server process. */
export interface PocketMongo {
  /** For the ordinary driver. */
  readonly uri: string;
  /** Ends the process when what it has answered is safe. */
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('../bin/pocket-mongod', import.meta.url));
const SOCKET = 'store.sock';
/** Operating systems cut longer paths of sockets without a word (108 bytes with the closing zero, 104 on macOS). */
const LONGEST_PATH = 100;
/** After a kill -9 of its parent the old process needs a moment to let go of the data. */
const LOCK_PATIENCE_MS = 10_000;
const STOP_MS = 15_000;

/** Where the socket lies: with the data, or in a private folder with a shorter name. */
function placeSocket(dbPath: string): { socketPath: string; tidy: () => void } {
  const beside = join(dbPath, SOCKET);
  if (Buffer.byteLength(beside) <= LONGEST_PATH) return { socketPath: beside, tidy: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'pocket-'));
  return { socketPath: join(folder, SOCKET), tidy: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Starts the server as a process of its own on a private Unix socket, with its data in a folder that is made when there
 * is none. The process ends with this one, however this one ends. Rejects with the server's own words when it cannot
 * start, for example because another process has these data open.
 */
export async function startPocketMongo(options: { readonly dbPath: string }): Promise<PocketMongo> {
  const dbPath = resolve(options.dbPath);
  mkdirSync(dirname(dbPath), { recursive: true });
  mkdirSync(dbPath, { recursive: true, mode: 0o700 });
  const { socketPath, tidy } = placeSocket(dbPath);
  const args = [
    '--dbpath',
    dbPath,
    '--socketPath',
    socketPath,
    '--stopWithParent',
    '--lockPatienceMs',
    String(LOCK_PATIENCE_MS),
  ];
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const ended = new Promise<number | null>((done) => {
    child.once('close', (code) => done(code));
    child.once('error', () => done(null));
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = `${complaints}${text}`.slice(-4_000);
  });
  // A pipe to a process that is gone is no news: `ended` tells.
  child.stdin.on('error', () => undefined);
  try {
    await new Promise<void>((ready, fail) => {
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('Waiting for connections')) ready();
      });
      void ended.then((code) =>
        fail(new Error(complaints.trim() || `pocket-mongod ended at its start (exit code ${String(code)})`)),
      );
    });
  } catch (error) {
    tidy();
    throw error;
  }
  child.stdout.removeAllListeners('data').resume();
  child.stderr.on('data', (text: string) => process.stderr.write(text));
  const stop = async (): Promise<void> => {
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
    tidy();
  };
  return { uri: `mongodb://${encodeURIComponent(socketPath)}/zabota?directConnection=true`, stop };
}
