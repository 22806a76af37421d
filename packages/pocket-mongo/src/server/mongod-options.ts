import { join } from 'node:path';
import type { Address } from './pocket-server.ts';

/** What the command line asks for. */
export interface MongodOptions {
  readonly dbPath: string;
  readonly addresses: readonly Address[];
  readonly ttlIntervalMs: number;
  /** Ends when standard input ends, and on no signal: the parent process decides. */
  readonly stopsWithParent: boolean;
  readonly lockPatienceMs: number;
  readonly check: boolean;
  /** The file of a backup to be made, or to be put in place. */
  readonly backup: string | undefined;
  readonly restore: string | undefined;
}

/** The command line cannot be followed; the message says why in one line. */
export class UsageError extends Error {}

const SWITCHES = ['noauth', 'quiet', 'journal', 'nounixsocket', 'ipv6', 'stopWithParent', 'check', 'notablescan'];
const VALUES = [
  ...['dbpath', 'port', 'bind_ip', 'unixSocketPrefix', 'socketPath', 'storageEngine', 'setParameter'],
  ...['lockPatienceMs', 'wiredTigerCacheSizeGB', 'backup', 'restore'],
];
const REFUSED: Readonly<Record<string, string>> = {
  replSet: 'pocket-mongod stands alone: replica sets need a mongod',
  auth: 'pocket-mongod knows no users: whoever reaches its socket may do everything',
  keyFile: 'pocket-mongod knows no users',
  fork: 'pocket-mongod does not fork',
  configsvr: 'pocket-mongod stands alone',
  shardsvr: 'pocket-mongod stands alone',
  bind_ip_all: 'pocket-mongod listens on this machine only',
  config: 'pocket-mongod reads no configuration file',
};
const TTL_SECONDS = 60;

/** What `--help` prints. */
export const HELP = `pocket-mongod: a small server that speaks MongoDB's protocol, over SQLite

  --dbpath DIR               folder of the data (default /data/db)
  --port N                   TCP port on the loopback interface (default 27017)
  --bind_ip LIST             loopback addresses to listen on (default 127.0.0.1)
  --unixSocketPrefix DIR     also listen on DIR/mongodb-PORT.sock
  --socketPath FILE          listen on this Unix socket and on no TCP port
  --setParameter ttlMonitorSleepSecs=N   look for expired documents every N seconds (default 60)
  --lockPatienceMs N         wait so long for another process to let go of the data (default 0)
  --stopWithParent           end when standard input ends, ignore signals
  --check                    look through all data for damage, and end
  --backup FILE              copy all data into one new file, while a server runs on them or not, and end
  --restore FILE             look through a backup and put its data in a folder that has none, and end
  --storageEngine, --noauth, --quiet, --journal, --nounixsocket, --ipv6   accepted without effect
  --version, --help
`;

function parse(argv: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let i = 0; i < argv.length; i++) {
    const [, name = '', inline] = /^--?([A-Za-z_]+)(?:=(.*))?$/s.exec(argv[i] ?? '') ?? [];
    const why = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
    if (why !== undefined) throw new UsageError(`--${name} is refused: ${why}`);
    if (SWITCHES.includes(name)) found.set(name, 'true');
    else if (VALUES.includes(name)) {
      const value = inline ?? argv[++i];
      if (value === undefined) throw new UsageError(`the required argument for option '--${name}' is missing`);
      found.set(name, value);
    } else throw new UsageError(`unrecognised option '${argv[i] ?? ''}'`);
  }
  return found;
}

function wholeNumber(name: string, text: string, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= most)) throw new UsageError(`--${name} needs a number up to ${String(most)}, not '${text}'`);
  return number;
}

function addressesOf(flags: ReadonlyMap<string, string>): Address[] {
  const socketPath = flags.get('socketPath');
  if (socketPath !== undefined) return [{ socketPath }];
  const port = wholeNumber('port', flags.get('port') ?? '27017', 65_535);
  const hosts = (flags.get('bind_ip') ?? '127.0.0.1').split(',').map((host) => host.trim());
  const far = hosts.find((host) => !/^(localhost|::1|127(\.\d{1,3}){3})$/.test(host));
  if (far !== undefined)
    throw new UsageError(`--bind_ip ${far} is refused: pocket-mongod has no users and listens on this machine only`);
  const prefix = flags.get('unixSocketPrefix');
  const socket = prefix === undefined ? [] : [{ socketPath: join(prefix, `mongodb-${String(port)}.sock`) }];
  return [...hosts.map((host) => ({ host, port })), ...socket];
}

/** Reads mongod's flags. Throws UsageError for what this server does not do. */
export function parseMongodOptions(argv: readonly string[]): MongodOptions {
  const flags = parse(argv);
  const [parameter = '', value = ''] = (flags.get('setParameter') ?? '').split('=');
  const seconds = parameter === 'ttlMonitorSleepSecs' ? wholeNumber(parameter, value, 86_400) : TTL_SECONDS;
  return {
    dbPath: flags.get('dbpath') ?? '/data/db',
    addresses: addressesOf(flags),
    ttlIntervalMs: Math.max(seconds, 1) * 1_000,
    stopsWithParent: flags.has('stopWithParent'),
    lockPatienceMs: wholeNumber('lockPatienceMs', flags.get('lockPatienceMs') ?? '0', 600_000),
    check: flags.has('check'),
    backup: flags.get('backup'),
    restore: flags.get('restore'),
  };
}
