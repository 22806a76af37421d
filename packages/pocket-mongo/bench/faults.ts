import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Collection, MongoClient } from 'mongodb';
import { startMeasured } from './measured-server.ts';

/**
 * Faults that a test cannot count on being able to make: kill -9 for minutes, failing system calls by strace, a full disk
 * of its own (both need root). After each the store is opened again and everything that was answered looked for.
 */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '2' }, faults: { type: 'string', default: 'kill,strace,disk' } },
});
const PROGRAM = fileURLToPath(new URL('../bin/pocket-mongod', import.meta.url));
const LANES = 16;
const ROUND_MS = 1_500;
/** A full disk is met long before. */
const FILLING_MS = 60_000;
/** Until the log was moved into the file some times. */
const SEVERAL_MOVES_MS = 8_000;
const INJECTIONS = [
  'fsync:error=EIO:when=12',
  'fsync:error=EIO:when=13+',
  'fsync:error=ENOSPC:when=15',
  // SQLite's own syncs are the former, those after the log was moved into the file the latter.
  'fdatasync:error=EIO:when=3+',
  'pwrite64:error=EIO:when=150',
  'pwrite64:error=ENOSPC:when=150..170',
  'pwrite64:error=ENOSPC:when=200+',
];

interface Item {
  _id: number;
  twin: number;
  text: string;
}

interface Round {
  readonly answered: Set<number>;
  readonly errors: Map<string, number>;
  readonly exit: string;
}

const parent = mkdtempSync(join(tmpdir(), 'pocket-faults-'));
const totals = { rounds: 0, answered: 0 };

/** Writes as fast as it goes for a while, and less long where the store refuses. Each document is inserted, then changed. */
async function load(
  items: Collection<Item>,
  first: number,
  forMs = ROUND_MS,
): Promise<Pick<Round, 'answered' | 'errors'>> {
  const answered = new Set<number>();
  const errors = new Map<string, number>();
  let endsAt = Date.now() + forMs;
  let next = first;
  const lane = async (): Promise<void> => {
    while (Date.now() < endsAt) {
      const _id = next++;
      try {
        await items.insertOne({ _id, twin: -1, text: 'x'.repeat(3_000) });
        await items.updateOne({ _id }, { $set: { twin: _id } });
        answered.add(_id);
      } catch (error) {
        const text = (error instanceof Error ? error.message : String(error)).slice(0, 90);
        errors.set(text, (errors.get(text) ?? 0) + 1);
        endsAt = Math.min(endsAt, Date.now() + ROUND_MS);
        if (/connect|closed|timed out|pool/i.test(text)) return;
        await pause(20);
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { answered, errors };
}

async function round(
  folder: string,
  first: number,
  before: readonly string[],
  signal: NodeJS.Signals,
  forMs = ROUND_MS,
): Promise<Round> {
  const socketPath = join(folder, 's.sock');
  const [program = '', ...args] = [
    ...before,
    process.execPath,
    PROGRAM,
    '--dbpath',
    folder,
    '--socketPath',
    socketPath,
  ];
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
    // Injected calls are counted by thread.
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  });
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  const client = new MongoClient(`mongodb://${encodeURIComponent(socketPath)}/?directConnection=true`, {
    serverSelectionTimeoutMS: 500,
    maxPoolSize: LANES,
  });
  const items = client.db('clinic').collection<Item>('items');
  await items.createIndex({ twin: 1 }).catch(() => undefined);
  const killed = signal === 'SIGKILL' ? forMs * (0.3 + Math.random() * 0.6) : forMs + 300;
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), signal), killed);
  const result = await load(items, first, forMs);
  const [code, by] = (await ended) as [number | null, string | null];
  clearTimeout(timer);
  await client.close();
  return { ...result, exit: by ?? String(code) };
}

/** Opens the store again, without faults, and complains about whatever is missing or half. */
async function verify(folder: string, answered: ReadonlySet<number>): Promise<void> {
  const checked = execFileSync(process.execPath, [PROGRAM, '--dbpath', folder, '--check'], { encoding: 'utf8' });
  if (checked !== 'The data are whole.\n') throw new Error(checked);
  const socketPath = join(folder, 's.sock');
  const child = spawn(process.execPath, [PROGRAM, '--dbpath', folder, '--socketPath', socketPath]);
  await once(child.stdout, 'data');
  const client = new MongoClient(`mongodb://${encodeURIComponent(socketPath)}/?directConnection=true`);
  const items = client.db('clinic').collection<Item>('items');
  const whole = new Set((await items.find().toArray()).filter(({ _id, twin }) => twin === _id).map(({ _id }) => _id));
  const lost = [...answered].filter((id) => !whole.has(id));
  await client.close();
  child.kill();
  await once(child, 'close');
  totals.rounds++;
  totals.answered += answered.size;
  if (lost.length > 0) throw new Error(`${String(lost.length)} answered writes are lost: ${lost.slice(0, 5).join()}`);
}

async function kills(): Promise<void> {
  const folder = join(parent, 'kill');
  mkdirSync(folder);
  const all = new Set<number>();
  const endsAt = Date.now() + Number(values.minutes) * 60_000;
  for (let first = 0; Date.now() < endsAt; first += 1_000_000) {
    const { answered } = await round(folder, first, [], 'SIGKILL');
    for (const id of answered) all.add(id);
    await verify(folder, answered);
  }
  await verify(folder, all);
  // Each round opens the data three times: to be killed, for the check, and to look for what was answered.
  console.log(
    `kill -9: ${String(totals.rounds)} rounds, ${String(totals.rounds * 3)} openings, ${String(all.size)} answered, none lost, none half`,
  );
}

async function injections(): Promise<void> {
  for (const [n, injection] of INJECTIONS.entries()) {
    const folder = join(parent, `strace-${String(n)}`);
    mkdirSync(folder);
    const calls = injection.split(':')[0] ?? '';
    const strace = ['strace', '-f', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', `inject=${injection}`];
    const { answered, errors, exit } = await round(
      folder,
      0,
      strace,
      'SIGTERM',
      calls === 'fdatasync' ? SEVERAL_MOVES_MS : ROUND_MS,
    );
    await verify(folder, answered);
    console.log(
      `${injection}: ${String(answered.size)} answered, none lost; ended ${exit};`,
      [...errors.keys()].join(' | '),
    );
  }
}

const asRoot = (program: string, args: readonly string[]): Buffer => execFileSync(program, args);

/** The same server all the time: it refuses writes while there is no room, and takes them again when there is. */
async function fullDisk(): Promise<void> {
  const folder = join(parent, 'disk');
  mkdirSync(folder);
  asRoot('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'none', folder]);
  try {
    const server = await startMeasured(folder);
    const client = await MongoClient.connect(server.uri, { maxPoolSize: LANES });
    const items = client.db('clinic').collection<Item>('items');
    const full = await load(items, 0, FILLING_MS);
    const read = new Set((await items.find().toArray()).filter(({ _id, twin }) => twin === _id).map(({ _id }) => _id));
    const unread = [...full.answered].filter((id) => !read.has(id));
    if (unread.length > 0) throw new Error(`${String(unread.length)} answered writes cannot be read on the full disk`);
    console.log(`full disk: ${String(full.answered.size)} answered, all can be read;`, [...full.errors].join(' | '));
    asRoot('mount', ['-o', 'remount,size=64m', folder]);
    const again = await load(items, 1_000_000);
    console.log(`with room again: ${String(again.answered.size)} answered;`, [...again.errors].join(' | '));
    await client.close();
    await server.end('SIGKILL');
    await verify(folder, new Set([...full.answered, ...again.answered]));
    console.log('after kill -9: none lost');
  } finally {
    asRoot('umount', [folder]);
  }
}

try {
  const wanted = values.faults.split(',');
  if (wanted.includes('strace')) await injections();
  if (wanted.includes('disk')) await fullDisk();
  if (wanted.includes('kill')) await kills();
} finally {
  if (existsSync(parent)) rmSync(parent, { recursive: true, force: true });
}
