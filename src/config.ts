import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { CHANNEL_VARIABLES, channelRows, readChannels, type Variable } from './config-channels.ts';
import type { ChannelSettings } from './core/channel-settings.ts';
import { LOG_LEVELS, type LogLevel } from './core/log.ts';

/** Everything that the environment decides, frozen at start. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** Null: the embedded store under `dataDir`. */
  readonly mongodbUri: string | null;
  readonly demo: boolean;
  readonly sampleClinic: boolean;
  /** The owner's token: `demo` in demo mode unless one is named. */
  readonly adminToken: string;
  readonly publicUrl: string | null;
  readonly logLevel: LogLevel;
  /** The real channels; those that are not set up are null. */
  readonly channels: ChannelSettings;
}

/** Every variable, as `npm start -- --help` prints it and README's table is held to. */
export const VARIABLES: readonly Variable[] = [
  { name: 'HOST', default: '0.0.0.0 (demo: 127.0.0.1)', meaning: 'address to listen on' },
  { name: 'PORT', default: '3000', meaning: 'port to listen on' },
  { name: 'DATA_DIR', default: './data', meaning: 'folder of the embedded store' },
  {
    name: 'MONGODB_URI',
    default: '(embedded store)',
    meaning: 'the MongoDB to use: standalone, replica set or sharded cluster',
    secret: true,
  },
  {
    name: 'DEMO',
    default: '1 while no database and no channel is named',
    meaning: 'simulated channels and a movable clock',
  },
  { name: 'DEMO_DATA', default: 'sample', meaning: '`none`: the demo starts empty, without the sample clinic' },
  {
    name: 'ADMIN_TOKEN',
    default: 'demo in the demo; else made at the first start, in DATA_DIR/admin-token',
    meaning: 'the owner’s token for the API and the console, 16 characters or more; required with MONGODB_URI',
    secret: true,
  },
  { name: 'PUBLIC_URL', default: '(none)', meaning: 'the address under which the service is reached from outside' },
  { name: 'LOG_LEVEL', default: 'info', meaning: `one of ${LOG_LEVELS.join(', ')}` },
  ...CHANNEL_VARIABLES,
];

type Read =
  | { readonly config: Config; readonly problems: null }
  | { readonly config: null; readonly problems: readonly string[] };

/** Reads the environment. Every problem is reported at once, and no secret is repeated in it. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  workingFolder: string,
  isFile: (path: string) => boolean = existsSync,
  /** Makes or finds the owner’s token in the data folder, for a service on its own store that was given none. */
  keptToken: ((dataDir: string) => string) | null = null,
): Read {
  const problems: string[] = [];
  const value = (name: string): string | undefined => {
    const text = environment[name]?.trim();
    return text === undefined || text === '' ? undefined : text;
  };
  const flag = (name: string): boolean | undefined => {
    const text = value(name);
    if (text === undefined) return undefined;
    if (text === '1' || text === '0') return text === '1';
    problems.push(`${name} must be 1 or 0`);
    return undefined;
  };
  const mongodbUri = value('MONGODB_URI') ?? null;
  if (mongodbUri !== null && !/^mongodb(\+srv)?:\/\/\S+$/.test(mongodbUri))
    problems.push('MONGODB_URI must begin with mongodb:// or mongodb+srv://');
  const publicUrl = value('PUBLIC_URL')?.replace(/\/+$/, '') ?? null;
  if (publicUrl !== null && !/^https?:\/\/[^\s/]+(\/\S*)?$/.test(publicUrl))
    problems.push('PUBLIC_URL must be an http or https address');
  const dataDir = folder(value('DATA_DIR') ?? './data', workingFolder);
  const web = flag('WHATSAPP_WEB') ?? false;
  const polls = flag('WHATSAPP_WEB_POLLS') ?? false;
  const channels = readChannels(value, { problems, web, polls, dataDir, publicUrl, isFile, variables: VARIABLES });
  const isAnySet = Object.values(channels).some((settings) => settings !== null);
  const demo = flag('DEMO') ?? (mongodbUri === null && !isAnySet);
  const port = Number(value('PORT') ?? '3000');
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    problems.push('PORT must be a whole number from 0 to 65535');
  const host = value('HOST') ?? (demo ? '127.0.0.1' : '0.0.0.0');
  if (demo && !['127.0.0.1', 'localhost', '::1'].includes(host))
    problems.push('HOST must be 127.0.0.1 in demo mode: its token is public');
  const data = value('DEMO_DATA') ?? 'sample';
  if (data !== 'sample' && data !== 'none') problems.push('DEMO_DATA must be sample or none');
  const { whatsappWeb, whatsappCloud, twilio } = channels;
  if (demo && data === 'sample' && [whatsappWeb, whatsappCloud, twilio].some((settings) => settings !== null))
    problems.push(
      'DEMO_DATA must be none with a real WhatsApp or SMS: the numbers of the sample clinic may be somebody’s',
    );
  const token = value('ADMIN_TOKEN');
  const keeps = mongodbUri === null && keptToken !== null;
  if (token === undefined && !demo && !keeps)
    problems.push('ADMIN_TOKEN is required where a database is named, for its instances have to share it');
  if (token !== undefined && (token.length < 16 || /\s/.test(token)))
    problems.push('ADMIN_TOKEN must be 16 characters or more, without spaces');
  const logLevel = LOG_LEVELS.find((level) => level === (value('LOG_LEVEL') ?? 'info'));
  if (logLevel === undefined) problems.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`);
  if (problems.length > 0 || logLevel === undefined) return { config: null, problems };
  const config: Config = {
    host,
    port,
    dataDir,
    mongodbUri,
    demo,
    sampleClinic: data === 'sample',
    adminToken: token ?? (demo || keptToken === null ? 'demo' : keptToken(dataDir)),
    publicUrl,
    logLevel,
    channels,
  };
  return { config: Object.freeze(config), problems: null };
}

function folder(path: string, workingFolder: string): string {
  if (path.startsWith('~/')) return join(homedir(), path.slice(2));
  return isAbsolute(path) ? path : resolve(workingFolder, path);
}

/** What is in force, one line a variable, secrets masked (`npm run config`). */
export function describeConfig(config: Config): string {
  const rows: readonly (readonly [string, string])[] = [
    ['HOST', config.host],
    ['PORT', String(config.port)],
    ['DATA_DIR', config.dataDir],
    ['MONGODB_URI', config.mongodbUri === null ? '(embedded store)' : '***'],
    ['DEMO', config.demo ? '1' : '0'],
    ['DEMO_DATA', config.sampleClinic ? 'sample' : 'none'],
    ['ADMIN_TOKEN', config.demo && config.adminToken === 'demo' ? 'demo' : '***'],
    ['PUBLIC_URL', config.publicUrl ?? '(none)'],
    ['LOG_LEVEL', config.logLevel],
    ...channelRows(config.channels),
  ];
  return rows.map(([name, text]) => `${name.padEnd(NAME_WIDTH)}${text}`).join('\n');
}

const NAME_WIDTH = Math.max(...VARIABLES.map(({ name }) => name.length)) + 2;

/** The help of `npm start -- --help`. */
export function helpText(): string {
  const rows = VARIABLES.map(
    ({ name, default: preset, meaning }) => `  ${name.padEnd(NAME_WIDTH)}${meaning} [${preset}]`,
  );
  return [
    'Zabota: writes to the patients of a clinic and understands what they answer.',
    '',
    'npm start                 starts the service',
    'npm run config            shows the settings in force',
    'npm run import -- FILE    loads NDJSON or a FHIR R4 bundle',
    'npm run templates         shows (`-- status`) or sends in (`-- submit`) the WhatsApp templates',
    '',
    'Settings are environment variables:',
    ...rows,
  ].join('\n');
}
