import type { ServerResponse } from 'node:http';

/**
 * What one call of the Bot API meets in place of its answer. `taken`: Telegram carried the call out before the answer was lost.
 * `silence` answers nothing and keeps the connection; `cut` breaks it, `cutMid` after half the answer; `drip` sends a byte each 20 ms and never ends;
 * `garbage` is a proxy's page, `huge` two megabytes, `shapeless` JSON of no shape we know.
 */
export type BotApiFault =
  | { readonly kind: 'error'; readonly code: number; readonly description?: string; readonly retryAfter?: number }
  | { readonly kind: 'delay'; readonly ms: number }
  | {
      readonly kind: 'silence' | 'cut' | 'cutMid' | 'drip' | 'garbage' | 'empty' | 'huge' | 'shapeless';
      readonly taken?: boolean;
    };

/** Sends the broken answer; for the kinds that are no error and no delay. */
export function breakAnswer(response: ServerResponse, kind: Exclude<BotApiFault['kind'], 'error' | 'delay'>): void {
  switch (kind) {
    case 'silence':
      return;
    case 'cut':
      response.destroy();
      return;
    case 'cutMid':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"ok":true,', () => response.destroy());
      return;
    case 'drip': {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(timer));
      return;
    }
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>');
      return;
    case 'empty':
      response.writeHead(200).end();
      return;
    case 'huge':
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify('x'.repeat(2_097_152)));
      return;
    case 'shapeless':
      response.writeHead(200, { 'content-type': 'application/json' }).end('[null]');
      return;
    default:
      kind satisfies never;
  }
}
