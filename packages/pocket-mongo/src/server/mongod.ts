import { rmSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import { BackupError } from '../storage/backup.ts';
import { checkStore } from './check-store.ts';
import { keepBackup, leaveAddress, removeAddress, restoreBackup } from './keep.ts';
import { HELP, type MongodOptions, parseMongodOptions, UsageError } from './mongod-options.ts';
import { OpenError, openStore } from './open-store.ts';
import { PocketServer } from './pocket-server.ts';

/** mongod's exit codes. */
const BAD_OPTIONS = 2;
const CANNOT_LISTEN = 48;
const CANNOT_OPEN = 100;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const complain = (text: string): void => {
  process.stderr.write(`pocket-mongod: ${text}\n`);
};

async function backup(options: MongodOptions, file: string): Promise<number> {
  await keepBackup(options.dbPath, file);
  say(`The backup is in ${file}.`);
  return 0;
}

async function restore(options: MongodOptions, file: string): Promise<number> {
  const problems = await restoreBackup(options.dbPath, file);
  for (const problem of problems) say(problem);
  say(
    problems.length === 0 ? `The data of ${file} are in ${options.dbPath}.` : `${file} is damaged: nothing was done.`,
  );
  return problems.length === 0 ? 0 : 1;
}

async function check(options: MongodOptions): Promise<number> {
  const store = await openStore(options.dbPath, options.lockPatienceMs, { despiteDamage: true, log: complain });
  let problems = 0;
  for (const problem of checkStore(store)) {
    problems++;
    say(problem);
  }
  if (problems === 0) store.kv.pages?.trust();
  say(problems === 0 ? 'The data are whole.' : `${String(problems)} problems.`);
  store.kv.close();
  return problems === 0 ? 0 : 1;
}

/** Resolves when the process is asked to end. */
function endAsked({ stopsWithParent }: MongodOptions): Promise<void> {
  return new Promise((resolve) => {
    if (stopsWithParent) {
      process.stdin.on('end', resolve).on('close', resolve).on('error', resolve).resume();
      // A signal to the whole process group must not take the store from under the parent, which still writes.
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
    } else for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

async function serve(options: MongodOptions): Promise<number> {
  const asked = endAsked(options);
  const store = await openStore(options.dbPath, options.lockPatienceMs, { log: complain });
  const { addresses, ttlIntervalMs } = options;
  const sockets = addresses.flatMap((address) => ('socketPath' in address ? [address.socketPath] : []));
  // Whoever left a socket there is gone: the data are ours now.
  for (const path of sockets) rmSync(path, { force: true });
  const server = new PocketServer({ store, addresses, ttlIntervalMs, log: complain });
  try {
    await server.listen();
  } catch (error) {
    complain(`cannot listen: ${messageOf(error)}`);
    store.kv.close();
    return CANNOT_LISTEN;
  }
  const places = addresses.map((address) =>
    'port' in address ? `${address.host}:${String(address.port)}` : address.socketPath,
  );
  if (places[0] !== undefined) leaveAddress(options.dbPath, places[0]);
  say(`pocket-mongod: Waiting for connections on ${places.join(', ')}`);
  await asked;
  // Closing takes the sockets away, before the data are let go of: the next process puts its own there.
  removeAddress(options.dbPath);
  try {
    await server.close();
  } catch (error) {
    // What was answered is in the log, which the next start reads.
    complain(`the log stays beside the data: ${messageOf(error)}`);
  }
  return 0;
}

/** The program `pocket-mongod`; resolves with the exit code of the process. */
export async function runMongod(argv: readonly string[]): Promise<number> {
  // The reader of our output may be gone before us.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  if (argv.includes('--help') || argv.includes('-h')) {
    say(HELP);
    return 0;
  }
  try {
    const options = parseMongodOptions(argv);
    if (options.backup !== undefined) return await backup(options, options.backup);
    if (options.restore !== undefined) return await restore(options, options.restore);
    return await (options.check ? check(options) : serve(options));
  } catch (error) {
    if (error instanceof UsageError) {
      complain(error.message);
      return BAD_OPTIONS;
    }
    if (!(error instanceof OpenError) && !(error instanceof BackupError)) throw error;
    complain(error.message);
    return CANNOT_OPEN;
  }
}
