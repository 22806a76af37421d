import { server as createHapiServer, type Server } from '@hapi/hapi';
import type { AdminDependencies, ServerOptions } from './dependencies.ts';
import { createAuthPlugin } from './plugins/auth.ts';
import { bodyPlugin } from './plugins/body.ts';
import { docsPlugin } from './plugins/docs.ts';
import { createErrorsPlugin } from './plugins/errors.ts';
import { createFiguresPlugin } from './plugins/figures.ts';
import { validate } from './plugins/validation.ts';
import { allRoutes } from './routes/all.ts';
import { placeholderRoute } from './routes/doors.ts';

const HEADERS_MS = 15_000;
const REQUEST_MS = 1_800_000;

/** The HTTP server with every route, not started yet: `await server.start()` listens, `await server.stop()` waits for what is under way. */
export async function createServer(deps: AdminDependencies, options: ServerOptions): Promise<Server> {
  const server = createHapiServer({
    host: options.host,
    port: options.port,
    debug: false,
    router: { stripTrailingSlash: true },
    routes: {
      validate,
      response: {
        sample: options.checkAnswers === true ? 100 : 0,
        options: { convert: false, abortEarly: false },
        emptyStatusCode: 204,
      },
      security: { hsts: false, xframe: 'deny', noSniff: true, referrer: 'no-referrer' },
    },
  });
  // A body may take long (a batch of 32 MiB), headers may not: a client that drips them is cut off.
  server.listener.headersTimeout = HEADERS_MS;
  server.listener.requestTimeout = REQUEST_MS;
  await server.register([
    { plugin: createErrorsPlugin(deps) },
    { plugin: createFiguresPlugin(deps.metrics) },
    { plugin: createAuthPlugin(deps) },
    { plugin: bodyPlugin },
    { plugin: docsPlugin },
  ]);
  server.route([...allRoutes(deps)]);
  if (options.console === undefined) server.route(placeholderRoute);
  else await server.register({ plugin: options.console });
  return server;
}
