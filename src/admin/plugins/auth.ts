import { timingSafeEqual } from 'node:crypto';
import type { Plugin, Server, ServerAuthScheme } from '@hapi/hapi';
import type { WallClock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import { createFailureLimit } from './failure-limit.ts';

export interface AuthDependencies {
  readonly ownerToken: string;
  readonly hashToken: (token: string) => string;
  readonly wall: WallClock;
}

/**
 * `Authorization: Bearer TOKEN`, and nowhere else: a token in a URL ends up in logs. Hashes are compared in constant time.
 * Wrong tokens are counted by the address of the connection itself, never by `X-Forwarded-For`; the right one always passes,
 * so nobody can lock a clinic out.
 */
export function createAuthPlugin({ ownerToken, hashToken, wall }: AuthDependencies): Plugin<void> {
  const owner = Buffer.from(hashToken(ownerToken));
  const limit = createFailureLimit(wall);
  const scheme: ServerAuthScheme = () => ({
    authenticate: (request, h) => {
      const header = request.raw.req.headers.authorization;
      if (header === undefined) throw new AppError('unauthorized', 'A bearer token is needed.');
      const given = Buffer.from(hashToken(/^Bearer ([^\s]{1,512})$/i.exec(header)?.[1] ?? ''));
      if (given.length === owner.length && timingSafeEqual(given, owner))
        return h.authenticated({ credentials: { user: { name: 'owner' }, scope: ['owner'] } });
      const waitSeconds = limit.failed(request.info.remoteAddress);
      if (waitSeconds > 0)
        throw new AppError('tooManyRequests', 'Too many wrong tokens.', { retryAfterSeconds: waitSeconds });
      throw new AppError('unauthorized', 'The token is wrong.');
    },
  });
  return {
    name: 'auth',
    register: (server: Server) => {
      server.auth.scheme('bearer', scheme);
      server.auth.strategy('bearer', 'bearer');
      server.auth.default('bearer');
    },
  };
}
