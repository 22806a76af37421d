import type { Plugin, Server } from '@hapi/hapi';
import inert from '@hapi/inert';
import vision from '@hapi/vision';
import swagger from 'hapi-swagger';
import { DAY_MS } from '../../core/clock.ts';

const options: swagger.RegisterOptions = {
  OAS: 'v3.0',
  info: { title: 'Zabota', version: '1', description: 'The HTTP contract of Zabota. Errors: docs/errors.md.' },
  jsonPath: '/api/v1/openapi.json',
  documentationPath: '/docs',
  swaggerUIPath: '/docs/ui/',
  routesBasePath: '/docs/ui/',
  auth: false,
  cache: { expiresIn: DAY_MS },
  grouping: 'tags',
  expanded: 'none',
  securityDefinitions: { bearer: { type: 'http', scheme: 'bearer' } },
  security: [{ bearer: [] }],
};

/** OpenAPI 3 at `/api/v1/openapi.json` and a page to try it at `/docs`; both come from the routes and from npm, nothing from outside. */
export const docsPlugin: Plugin<void> = {
  name: 'docs',
  register: async (server: Server) => {
    await server.register([{ plugin: inert }, { plugin: vision }], { once: true });
    await server.register({ plugin: swagger, options });
    // It is made once and kept, so it must not name the host that asked first.
    server.ext('onPreResponse', (request, h) => {
      const { response } = request;
      if (request.path !== options.jsonPath || response instanceof Error || request.method !== 'get') return h.continue;
      return h.response({ ...(response.source as object), servers: [{ url: '/' }] });
    });
  },
};
