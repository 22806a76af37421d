import { Server } from '@hapi/hapi';
import { hookRoutes } from '../../src/admin/routes/hooks.ts';
import type { Hook, HookName } from '../../src/core/hook.ts';

/** The real doors `/hooks/…` on a port of their own, without the rest of the service. */
export interface HookServer {
  readonly origin: string;
  stop(): Promise<void>;
}

export async function startHookServer(hooks: ReadonlyMap<HookName, Hook>): Promise<HookServer> {
  const server = new Server({ host: '127.0.0.1', port: 0, debug: false });
  server.route([...hookRoutes({ hooks })]);
  await server.start();
  return { origin: server.info.uri, stop: () => server.stop({ timeout: 0 }) };
}
