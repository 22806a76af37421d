import { timingSafeEqual } from 'node:crypto';
import type { Hook } from '../../core/hook.ts';

/**
 * The door for Telegram's calls: the secret is compared in constant time before anything is parsed; 200 when the update is
 * durable. `take` is null while the channel is not started. A rejection means not stored: Telegram will repeat.
 */
export function createTelegramHook(secret: string, take: () => ((update: unknown) => Promise<void>) | null): Hook {
  const expected = Buffer.from(secret);
  return async (request) => {
    const given = Buffer.from(request.headers['x-telegram-bot-api-secret-token'] ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { status: 401 };
    const taking = take();
    if (taking === null) return { status: 503 };
    await taking(read(await request.body()));
    return { status: 200 };
  };
}

/** What is no JSON is no update, and is not repeated for days. */
function read(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
