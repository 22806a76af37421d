import type { Readable } from 'node:stream';
import type { Request, ServerRoute } from '@hapi/hapi';
import { AppError } from '../../core/errors.ts';
import { HOOKS, type HookRequest } from '../../core/hook.ts';
import type { AdminDependencies } from '../dependencies.ts';
import { saidLength, UNREAD } from '../plugins/body.ts';
import { type Room, readBytes } from '../plugins/bytes.ts';

/** Meta's largest body is 3 MB by its own word; what is larger than this is not read at all. */
const MAX_BYTES = 3_145_728;
const RECEIVE_MS = 10_000;
/** So much is held at once of bodies whose signature nobody has seen yet; beyond it the platform is asked to come again. */
const HELD_BYTES = 67_108_864;

/** `/hooks/{platform}`: no token of ours, the platform's own signature; which one is the channel's business. */
export function hookRoutes({ hooks }: Pick<AdminDependencies, 'hooks'>): readonly ServerRoute[] {
  const room: Room = { left: HELD_BYTES };
  return HOOKS.flatMap((name) =>
    (['GET', 'POST'] as const).map(
      (method): ServerRoute => ({
        method,
        path: `/hooks/${name}`,
        options: { auth: false, ...(method === 'POST' && { payload: UNREAD }) },
        handler: async (request, h) => {
          const hook = hooks.get(name);
          if (hook === undefined) throw new AppError('notFound', `The channel of /hooks/${name} is not set up.`);
          // A body that nobody wants is not waited for: hapi ends its connection.
          const answer = await hook(asCalled(request, method, room));
          return h
            .response(answer.body ?? '')
            .code(answer.status)
            .type(answer.type ?? 'text/plain');
        },
      }),
    ),
  );
}

function asCalled(request: Request, method: 'GET' | 'POST', room: Room): HookRequest {
  const said = saidLength(request);
  let read: Promise<Uint8Array> | null = method === 'GET' ? Promise.resolve(Buffer.alloc(0)) : null;
  const headers = Object.entries(request.raw.req.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  return {
    method,
    url: request.raw.req.url ?? '',
    query: request.query as HookRequest['query'],
    headers: Object.fromEntries(headers) as HookRequest['headers'],
    body(most = MAX_BYTES) {
      read ??= readBytes(request.payload as Readable, { most, said, withinMs: RECEIVE_MS, room });
      return read;
    },
  };
}
