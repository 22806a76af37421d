import type { Plugin, Server } from '@hapi/hapi';
import type { Metrics } from '../../core/metrics.ts';

/** Counts every answer by method, route and status; the route is the pattern, never a key of a patient. */
export function createFiguresPlugin(metrics: Metrics): Plugin<void> {
  return {
    name: 'figures',
    register: (server: Server) => {
      server.events.on('response', (request) => {
        const { response } = request;
        const status = 'statusCode' in response ? response.statusCode : 0;
        const labels = { method: request.method, route: request.route.path, status: String(status) };
        metrics.http(labels, (request.info.responded - request.info.received) / 1000);
      });
    },
  };
}
