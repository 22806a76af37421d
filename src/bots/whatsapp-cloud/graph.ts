import type { WhatsappCloudSettings } from '../../core/channel-settings.ts';
import { DAY_MS } from '../../core/clock.ts';
import { createPlatformHttp, type HttpOutcome } from '../http/platform-http.ts';
import { fieldOf, readJson } from './json-shape.ts';

/** How a call of the Graph API ended. `error`: refused with a code of Meta's, so nothing was done. `unknown`: it may have been done. */
export type GraphAnswer =
  | { readonly kind: 'ok'; readonly json: unknown }
  | { readonly kind: 'error'; readonly code: number; readonly retryAfterMs: number | null }
  | { readonly kind: 'notSent' }
  | { readonly kind: 'unknown' };

/** Meta's Graph API under one access token. Never rejects. */
export interface Graph {
  get(path: string): Promise<GraphAnswer>;
  post(path: string, body: object): Promise<GraphAnswer>;
  /** Resolves when nothing is in flight. */
  close(): Promise<void>;
}

const CONNECTIONS = 32;
/** Refused without a code of Meta's: something between us and Meta, which may pass. */
const NO_CODE = -1;

/** `timeoutMs` holds for a whole call. */
export function createGraph(
  { apiRoot, token }: Pick<WhatsappCloudSettings, 'apiRoot' | 'token'>,
  timeoutMs: number,
): Graph {
  const http = createPlatformHttp({ root: apiRoot, connections: CONNECTIONS, timeoutMs });
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  return {
    get: async (path) => read(await http.call({ method: 'GET', path, headers })),
    post: async (path, body) =>
      read(
        await http.call({
          method: 'POST',
          path,
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      ),
    close: () => http.close(),
  };
}

/** 5xx and garbage prove nothing: the message may have been taken (spec: reliability.md B3). Below 500 it was not, with or without a code. */
function read(outcome: HttpOutcome): GraphAnswer {
  if (outcome.kind !== 'answered') return { kind: outcome.kind };
  const json = readJson(outcome.body);
  const { status } = outcome;
  if (status >= 200 && status < 300)
    return typeof json === 'object' && json !== null ? { kind: 'ok', json } : { kind: 'unknown' };
  if (status >= 500 || status === 408) return { kind: 'unknown' };
  const code = fieldOf(fieldOf(json, 'error'), 'code');
  const retryAfterMs = secondsAsMs(outcome.headers['retry-after']);
  if (typeof code === 'number') return { kind: 'error', code, retryAfterMs };
  if (status === 401) return { kind: 'error', code: 190, retryAfterMs };
  return { kind: 'error', code: status === 429 ? 130429 : NO_CODE, retryAfterMs };
}

/** A day at most: nothing of ours waits longer. */
function secondsAsMs(header: string | undefined): number | null {
  const seconds = header === undefined || header.trim() === '' ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, DAY_MS) : null;
}
