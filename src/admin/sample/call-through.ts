import type { Server } from '@hapi/hapi';
import type { CallApi } from './load-sample.ts';

/** Calls the API of this process without a socket, with all its checks. */
export function callThrough(server: () => Server, token: string): CallApi {
  return async ({ method, path, body, headers }) => {
    const answer = await server().inject({
      method,
      url: `/api/v1${path}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      payload: JSON.stringify(body),
    });
    return { status: answer.statusCode, text: answer.payload };
  };
}
