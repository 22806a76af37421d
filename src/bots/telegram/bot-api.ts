import { Api } from 'grammy';
import type { TelegramSettings } from '../../core/channel-settings.ts';
import { createPlatformHttp } from '../http/platform-http.ts';

/** A call without a whole answer, told apart by whether it left; grammY carries it inside its `HttpError`. */
export class NoAnswer extends Error {
  readonly left: boolean;

  constructor(left: boolean) {
    super('Telegram gave no answer.');
    this.name = 'NoAnswer';
    this.left = left;
  }
}

/** grammY's client of one bot. */
export interface BotApi {
  readonly api: Api;
  /** Resolves when no call is in flight. */
  close(): Promise<void>;
}

/**
 * grammY's `Api` over our own connections: one deadline for the whole call, a cap on the answer, and for every failure the
 * word whether the call left. No auto-retry plugin: after a broken connection it would send the same message again.
 */
export function createBotApi(
  { token, apiRoot }: TelegramSettings,
  { connections, timeoutMs }: { connections: number; timeoutMs: number },
): BotApi {
  const http = createPlatformHttp({ root: apiRoot, connections, timeoutMs });
  const call = async (path: string, { body, signal }: GrammyInit): Promise<{ json(): Promise<unknown> }> => {
    if (typeof body !== 'string') throw new Error('This client uploads no files.');
    const outcome = await http.call({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json' },
      body,
      ...(signal && { signal: native(signal) }),
    });
    if (outcome.kind !== 'answered') throw new NoAnswer(outcome.kind === 'unknown');
    return { json: async () => JSON.parse(outcome.body) as unknown };
  };
  const api = new Api(token, {
    apiRoot,
    buildUrl: (_root, secret, method) => `/bot${secret}/${method}`,
    // grammY types it as the fetch of node-fetch and uses of its answer `json` alone.
    fetch: call as never,
    timeoutSeconds: Math.ceil(timeoutMs / 1000) + 5,
  });
  return { api, close: () => http.close() };
}

/** What grammY hands to `fetch`. Its signals come from a package older than Node's own. */
interface GrammyInit {
  readonly body?: unknown;
  readonly signal?: Pick<AbortSignal, 'aborted' | 'addEventListener'>;
}

function native(signal: Pick<AbortSignal, 'aborted' | 'addEventListener'>): AbortSignal {
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  else signal.addEventListener('abort', () => controller.abort(), { once: true });
  return controller.signal;
}
