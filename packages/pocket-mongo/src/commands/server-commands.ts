import { hostname } from 'node:os';
import { Long } from 'bson';
import { MongoError } from '../errors.ts';
import { VERSION } from '../server/server-facts.ts';
import { type Command, subjectOf } from './command.ts';
import { flagField } from './fields.ts';

export const PING: Command = { name: 'ping', access: 'read', fields: [], run: () => ({}) };

export const BUILD_INFO: Command = {
  name: 'buildInfo',
  access: 'none',
  fields: [],
  run: () => ({
    version: VERSION,
    gitVersion: 'pocket-mongo',
    modules: [],
    versionArray: [8, 0, 0, 0],
    bits: 64,
    debug: false,
    maxBsonObjectSize: 16 * 1024 * 1024,
    storageEngines: ['pocket'],
  }),
};

export const SERVER_STATUS: Command = {
  name: 'serverStatus',
  access: 'none',
  fields: ['repl', 'metrics', 'locks', 'network', 'opcounters', 'wiredTiger', 'storageEngine'],
  run: (_request, { facts, cursors }) => ({
    host: hostname(),
    version: VERSION,
    process: 'pocket-mongod',
    pid: Long.fromNumber(process.pid),
    uptime: Math.floor((Date.now() - facts.startedAt.getTime()) / 1000),
    localTime: new Date(),
    connections: { current: facts.connections() },
    metrics: {
      cursor: { open: { total: Long.fromNumber(cursors.size) } },
      queryExecutor: { collectionScans: { total: Long.fromNumber(facts.scans.total) } },
      writeTurns: facts.turns.toDoc(),
    },
    storageEngine: { name: 'pocket', persistent: true },
  }),
};

export const CONNECTION_STATUS: Command = {
  name: 'connectionStatus',
  access: 'none',
  fields: ['showPrivileges'],
  run: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
};

export const WHATS_MY_URI: Command = {
  name: 'whatsmyuri',
  access: 'none',
  fields: [],
  run: (_request, { facts }) => ({ you: facts.address }),
};

export const GET_PARAMETER: Command = {
  name: 'getParameter',
  access: 'none',
  fields: ['featureCompatibilityVersion', 'allParameters'],
  run: (request) => {
    const isAll = subjectOf(request) === '*' || flagField(request, 'allParameters', 'getParameter') === true;
    if (!isAll && !Object.hasOwn(request, 'featureCompatibilityVersion'))
      throw new MongoError(72, 'no option found to get');
    return { featureCompatibilityVersion: { version: '8.0' } };
  },
};
