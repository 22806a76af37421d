import type { ServerRoute } from '@hapi/hapi';
import { AppError } from '../../core/errors.ts';
import type { AdminDependencies } from '../dependencies.ts';

const PLACEHOLDER =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Zabota</title></head><body><p><a href="/docs">/docs</a></p></body></html>';

/**
 * The doors that need no token: alive, ready, figures. How the channels are is told and does not decide: an instance without one
 * still serves its staff, whose page shows the code that links a phone.
 */
export function doorRoutes({
  ready,
  health,
  metricsText,
}: Pick<AdminDependencies, 'ready' | 'health' | 'metricsText'>): readonly ServerRoute[] {
  const options = { auth: false as const };
  return [
    { method: 'GET', path: '/healthz', options, handler: () => ({ status: 'alive' }) },
    {
      method: 'GET',
      path: '/readyz',
      options,
      handler: async () => {
        const { ready: isReady, reasons, eventLoopLagMs } = await ready();
        const channels = Object.fromEntries(Object.entries(health()).map(([name, { state }]) => [name, state]));
        const told = { eventLoopLagMs, channels };
        if (!isReady) throw new AppError('notReady', 'The service is not ready.', { reasons, ...told });
        return { status: 'ready', ...told };
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      options,
      handler: async (_request, h) =>
        h.response(await metricsText()).header('content-type', 'text/plain; version=0.0.4; charset=utf-8'),
    },
  ];
}

/** What stands at `/` where no console is served. */
export const placeholderRoute: ServerRoute = {
  method: 'GET',
  path: '/',
  options: { auth: false },
  handler: (_request, h) => h.response(PLACEHOLDER).type('text/html'),
};
