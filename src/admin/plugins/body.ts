import type { Plugin, Request, Server } from '@hapi/hapi';
import { AppError, invalid } from '../../core/errors.ts';
import { header } from './header.ts';
import { findDanger } from './json-guard.ts';

const ENCODINGS = ['identity', 'gzip', 'deflate'];
const CHARSETS = ['utf-8', 'utf8', 'us-ascii'];

/** Reads UTF-8 JSON: 415 for anything that says it is something else, 400 for what is broken or dangerous. An empty body is null. Of a field given twice the last one counts. */
export function readJson(body: Buffer, request: Pick<Request, 'headers'>, maxItems: number): unknown {
  if (body.length === 0) return null;
  requireMedia(request, ['application/json']);
  const json = parseJson(body);
  const danger = findDanger(json, maxItems);
  if (danger !== null) throw danger;
  return json;
}

/** Throws `AppError('unsupportedMedia')` unless the body says that it is one of these types, in UTF-8, in an encoding that we undo. */
export function requireMedia(request: Pick<Request, 'headers'>, types: readonly string[]): void {
  const [type = '', ...parameters] = header(request, 'content-type').split(';');
  const charset = parameters.map((part) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/i.exec(part)?.[1]).find(Boolean);
  const encoding = header(request, 'content-encoding').toLowerCase() || 'identity';
  if (!types.includes(type.trim().toLowerCase()))
    throw new AppError('unsupportedMedia', `The body must be ${types.join(' or ')}.`);
  if (charset !== undefined && !CHARSETS.includes(charset.toLowerCase()))
    throw new AppError('unsupportedMedia', 'The body must be in UTF-8.');
  if (!ENCODINGS.includes(encoding))
    throw new AppError('unsupportedMedia', `The body may be packed with ${ENCODINGS.slice(1).join(' or ')} only.`);
}

/** Throws `AppError('invalid')` for broken UTF-8 or JSON; never repeats the input. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw invalid('body', 'is not JSON in UTF-8');
  }
}

/** Turns the bytes of a request into checked JSON before the route's schema sees it. */
export const bodyPlugin: Plugin<void> = {
  name: 'body',
  register: (server: Server) => {
    server.ext('onPostAuth', (request, h) => {
      if (!Buffer.isBuffer(request.payload)) return h.continue;
      const { maxItems = 200 } = (request.route.settings.app ?? {}) as { maxItems?: number };
      Object.assign(request, { payload: readJson(request.payload, request, maxItems) });
      return h.continue;
    });
  },
};
