import type { Api } from 'grammy';
import type { TelegramSettings } from '../../core/channel-settings.ts';
import { readFailure } from './call-failure.ts';
import { WANTED } from './polling.ts';
import type { Standing } from './standing.ts';
import { waitAfter } from './wait.ts';

/** With a webhook nothing else would notice a revoked token, or that somebody took the webhook away. */
const LOOK_AFTER_MS = 300_000;

/** Makes the bot known to us and tells Telegram how updates are to come, for as long as it takes. */
export interface Connection {
  /** Resolves when the first try has ended, well or not; further tries follow by themselves. */
  open(): Promise<void>;
  close(): void;
}

interface ConnectionDeps {
  readonly api: Api;
  readonly webhook: TelegramSettings['webhook'];
  readonly standing: Standing;
  /** Once: Telegram has told the bot's user name. */
  readonly named: (name: string) => void;
  /** Once, without a webhook: updates may be asked for. */
  readonly mayPoll: () => void;
  readonly chance: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly every: (ms: number, tick: () => void) => () => void;
}

/** A wrong token is no reason to hurry: see `waitAfter`. */
export function createConnection(deps: ConnectionDeps): Connection {
  const { api, webhook, standing } = deps;
  let open = true;
  let trying = false;
  let unwatch = (): void => undefined;
  const closing = new AbortController();
  // grammY's types are those of a package older than Node's own signals, which it takes as well.
  const signal = closing.signal as Parameters<Api['getMe']>[0];

  /** Null when it went well, else how long to wait. */
  const attempt = async (failures: number): Promise<number | null> => {
    try {
      const { username } = await api.getMe(signal);
      deps.named(username);
      if (webhook === null) await api.deleteWebhook({}, signal);
      else await api.setWebhook(webhook.url, { secret_token: webhook.secret, allowed_updates: WANTED }, signal);
      if (open) standing.up();
      return null;
    } catch (error) {
      const { detail, ms } = waitAfter(readFailure(error), failures, deps.chance());
      if (open) standing.down(detail);
      return ms;
    }
  };

  const goOn = async (firstWaitMs: number | null): Promise<void> => {
    let waitMs = firstWaitMs;
    for (let failures = 1; waitMs !== null; failures += 1) {
      await deps.pause(waitMs);
      if (!open) return;
      waitMs = await attempt(failures);
    }
    if (!open) return;
    if (webhook === null) deps.mayPoll();
    else trying = false;
  };

  return {
    async open() {
      trying = true;
      const firstWaitMs = await attempt(0);
      void goOn(firstWaitMs);
      if (webhook === null) return;
      unwatch = deps.every(LOOK_AFTER_MS, () => {
        if (trying || !open) return;
        trying = true;
        void attempt(0).then(goOn);
      });
    },
    close() {
      open = false;
      closing.abort();
      unwatch();
    },
  };
}
