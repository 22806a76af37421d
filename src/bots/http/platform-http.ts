import { Pool } from 'undici';

/** How one call ended. `notSent`: no byte of it left, so it may be made again. `unknown`: it left and no whole answer came. */
export type HttpOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | undefined>>;
      readonly body: string;
    }
  | { readonly kind: 'notSent'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With query; below the root that the client was made with. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Aborted: the caller has no use for the answer any more; the outcome is `unknown`. */
  readonly signal?: AbortSignal;
}

/** Calls one platform over kept connections. */
export interface PlatformHttp {
  /** Never rejects. */
  call(call: HttpCall): Promise<HttpOutcome>;
  /** Resolves when nothing is in flight. */
  close(): Promise<void>;
}

/** Failures of undici and Node before the first byte of a request is written; told by code, never by text. */
const NEVER_LEFT: readonly string[] = [
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];
const MAX_ANSWER_BYTES = 1_048_576;

/**
 * A pool of connections to one host (spec: issue "Real channels": undici Pool, not the global fetch). `timeoutMs` holds for the
 * whole call, drip-fed answers included; an answer over 1 MiB is cut off and counts as unknown, for the request was taken.
 */
export function createPlatformHttp(options: { root: string; connections: number; timeoutMs: number }): PlatformHttp {
  const { origin, pathname } = new URL(options.root);
  const base = pathname.replace(/\/$/, '');
  const pool = new Pool(origin, {
    connections: options.connections,
    pipelining: 1,
    connect: { timeout: Math.min(options.timeoutMs, 10_000) },
  });
  return {
    async call({ method, path, headers = {}, body, signal }) {
      const deadline = AbortSignal.timeout(options.timeoutMs);
      try {
        const answer = await pool.request({
          method,
          path: `${base}${path}`,
          headers,
          ...(body !== undefined && { body }),
          signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
          headersTimeout: options.timeoutMs,
          bodyTimeout: options.timeoutMs,
        });
        const text = await readWhole(answer.body);
        if (text === null) return { kind: 'unknown', reason: 'answerTooLarge' };
        return { kind: 'answered', status: answer.statusCode, headers: single(answer.headers), body: text };
      } catch (error) {
        const code = codeOf(error);
        return NEVER_LEFT.includes(code) ? { kind: 'notSent', reason: code } : { kind: 'unknown', reason: code };
      }
    },
    close: () => pool.close(),
  };
}

async function readWhole(stream: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) {
      stream.destroy();
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function single(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

/** The code of an error or of what caused it; several addresses of a host that all refuse come as one. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0]);
  if ('cause' in error && error.cause !== undefined) return codeOf(error.cause);
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown';
}
