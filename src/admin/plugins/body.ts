import { Readable } from 'node:stream';
import type { Plugin, Request, Server } from '@hapi/hapi';
import { AppError, invalid } from '../../core/errors.ts';
import { readBytes } from './bytes.ts';
import { header } from './header.ts';
import { findDanger } from './json-guard.ts';

const ENCODINGS = ['identity', 'gzip', 'deflate'];
const CHARSETS = ['utf-8', 'utf8', 'us-ascii'];

/** Reads UTF-8 JSON: 415 for anything that says it is something else, 400 for what is broken or dangerous. An empty body is null. Of a field given twice the last one counts. */
function readJson(body: Buffer, request: Pick<Request, 'headers'>, maxItems: number): unknown {
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
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw invalid('body', 'is not JSON in UTF-8');
  }
}

/** What a route says of its body in `options.app`. */
export interface BodyRules {
  /** Elements that one array may have. */
  readonly maxItems: number;
}

/** For the `payload` option of every route: hapi hands the bytes on as they come. Its own limits would read an endless body to the end. */
export const UNREAD = {
  parse: 'gunzip' as const,
  output: 'stream' as const,
  maxBytes: Number.MAX_SAFE_INTEGER,
  override: 'application/octet-stream',
};

const MAX_BYTES = 1_048_576;
const RECEIVE_MS = 10_000;

/** Reads the bytes of a request and turns them into checked JSON before the route's schema sees it. */
export const bodyPlugin: Plugin<void> = {
  name: 'body',
  register: (server: Server) => {
    server.ext('onPostAuth', async (request, h) => {
      const { maxItems } = (request.route.settings.app ?? {}) as Partial<BodyRules>;
      if (maxItems === undefined || !(request.payload instanceof Readable)) return h.continue;
      const reading = { most: MAX_BYTES, said: saidLength(request), withinMs: RECEIVE_MS };
      const bytes = await readBytes(request.payload, reading);
      Object.assign(request, { payload: readJson(bytes, request, maxItems) });
      return h.continue;
    });
  },
};

/** The length that the sender said, before unpacking; null where none was said. */
export function saidLength(request: Pick<Request, 'headers'>): number | null {
  const said = header(request, 'content-length');
  return said === '' ? null : Number(said);
}
