import type { Request } from '@hapi/hapi';

/** A request header as one string; empty where it is missing. `name` is in lower case. */
export function header(request: Pick<Request, 'headers'>, name: string): string {
  const value: unknown = request.headers[name];
  return typeof value === 'string' ? value : '';
}
