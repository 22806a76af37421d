import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Server } from '@hapi/hapi';
import { afterAll } from '@jest/globals';
import { createServer } from '../../src/admin/server.ts';
import type { Stores } from '../../src/core/stores.ts';
import { createRender, loadDictionaries } from '../../src/i18n.ts';
import { type AdminPorts, adminPorts } from './admin-ports.ts';
import { countIds } from './count-ids.ts';
import { countedMetrics } from './counted-metrics.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { type QuietLog, quietLog } from './quiet-log.ts';
import { openTestStores } from './stores.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The body as JSON; an empty object where it is none. */
  readonly json: Readonly<Record<string, unknown>>;
}

export interface AdminServer {
  readonly server: Server;
  readonly stores: Stores;
  readonly clock: FakeClock;
  readonly ports: AdminPorts;
  readonly log: QuietLog;
  /** Calls a path below `/api/v1` as the owner. A string is sent as it is. */
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The same, throwing where it is refused. */
  must(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer['json']>;
}

const locales = fileURLToPath(new URL('../../locales', import.meta.url));
const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The real server on the real stores of the calling test file; answers are held to their schemas. The time is 2026-11-23 09:00 in Tbilisi. */
export async function openAdminServer(options: { part?: string; demo?: boolean } = {}): Promise<AdminServer> {
  const { stores } = await openTestStores(options.part === undefined ? {} : { part: options.part });
  const clock = fakeClock('2026-11-23T05:00:00Z');
  const ports = adminPorts();
  const log = quietLog();
  const newToken = countIds('token');
  const server = await createServer(
    {
      cards: ports.cards,
      why: ports.why,
      previewer: ports.previewer,
      inbox: ports.inbox,
      takeCare: (survey, by) => stores.surveys.takeCare(survey, by, clock.now()),
      desk: ports.desk,
      lookAtPlanned: (message, now) => ports.lookAtPlanned(message, now),
      health: () => ports.health(),
      channelControl: ports.channelControl,
      ready: () => ports.ready(),
      demo: options.demo === false ? null : { ...ports.demo, reset: () => ports.demo.reset() },
      stores,
      render: await createRender(loadDictionaries(locales)),
      metrics: countedMetrics(),
      metricsText: async () => '# HELP zabota_up Whether it is up\n',
      clock,
      wall: clock,
      newId: countIds('id'),
      newToken,
      hashToken,
      ownerToken: 'demo',
      botName: () => 'clinic_bot',
      hooks: ports.hooks,
      log,
    },
    { host: '127.0.0.1', port: 0, checkAnswers: true },
  );
  await server.initialize();
  afterAll(() => server.stop());

  const call: AdminServer['call'] = async (method, path, body, headers = {}) => {
    const json = body !== undefined && typeof body !== 'string';
    const {
      statusCode,
      payload,
      headers: answered,
    } = await server.inject({
      method,
      url: `/api/v1${path}`,
      headers: { authorization: 'Bearer demo', ...(json && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { payload: json ? JSON.stringify(body) : body }),
    });
    return { status: statusCode, headers: answered, text: payload, json: parse(payload) };
  };
  return {
    server,
    stores,
    clock,
    ports,
    log,
    call,
    must: async (...args) => {
      const { status, text, json } = await call(...args);
      const cause = log.lines.at(-1)?.fields?.['error'];
      if (status >= 300) throw new Error(`${args[0]} ${args[1]} answered ${status}: ${text}`, { cause });
      return json;
    },
  };
}

function parse(payload: string): Answer['json'] {
  try {
    return JSON.parse(payload) as Answer['json'];
  } catch {
    return {};
  }
}
