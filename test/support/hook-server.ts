import { Server } from '@hapi/hapi';
import { createErrorsPlugin } from '../../src/admin/plugins/errors.ts';
import { hookRoutes } from '../../src/admin/routes/hooks.ts';
import type { Hook, HookName } from '../../src/core/hook.ts';
import { countIds } from './count-ids.ts';
import { quietLog } from './quiet-log.ts';

/** The real doors `/hooks/…` on a port of their own, with its errors and without the rest of the service. */
export interface HookServer {
  readonly origin: string;
  stop(): Promise<void>;
}

export async function startHookServer(hooks: ReadonlyMap<HookName, Hook>): Promise<HookServer> {
  const server = new Server({ host: '127.0.0.1', port: 0, debug: false });
  await server.register({ plugin: createErrorsPlugin({ log: quietLog(), newId: countIds('fault') }) });
  server.route([...hookRoutes({ hooks })]);
  await server.start();
  return { origin: server.info.uri, stop: () => server.stop({ timeout: 0 }) };
}
