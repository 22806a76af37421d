import { createBatchSink, createRunner, createSource } from '@grammyjs/runner';
import type { Api } from 'grammy';
import type { Log } from '../../core/log.ts';
import { readFailure } from './call-failure.ts';
import type { Intake } from './intake.ts';
import type { Standing } from './standing.ts';
import { waitAfter } from './wait.ts';

/** The kinds of updates that we read; Telegram keeps the others to itself. */
export const WANTED = ['message', 'callback_query', 'my_chat_member'] as const;

const MOST = 100;
/** Some updates with long texts may be more than an answer may weigh; then they are asked for in small portions. */
const FEW = 5;
/** An empty answer that comes at once, again and again, must not become a busy loop. */
const AT_ONCE_MS = 500;
const STORE_AGAIN_MS = [200, 1000, 5000, 15_000] as const;

/** Asks Telegram for updates until it is stopped. */
export interface Polling {
  /** Resolves when no update is under way; what was not stored stays with Telegram. */
  stop(): Promise<void>;
}

interface PollingDeps {
  readonly api: Api;
  readonly intake: Intake;
  readonly standing: Standing;
  /** How long Telegram waits for something to tell before it answers with nothing. */
  readonly pollSeconds: number;
  readonly nowMs: () => number;
  readonly chance: () => number;
  /** Resolves after so many milliseconds, or at once when the channel is stopped. */
  readonly pause: (ms: number) => Promise<void>;
  readonly log: Log;
}

/**
 * grammY's runner between our supplier and a sink that takes a whole batch: the next request, whose offset confirms the batch,
 * is made only after every update of it is durable. Failures are waited out here, so the runner's loop never ends by itself.
 */
export function startPolling({ api, intake, standing, pollSeconds, nowMs, chance, pause, log }: PollingDeps): Polling {
  let offset = 0;
  let failures = 0;
  let limit = MOST;
  let stopped = false;
  const isOver = (): boolean => stopped;

  const ask = async (signal: Parameters<Api['getUpdates']>[1]): Promise<readonly Numbered[]> => {
    const askedMs = nowMs();
    const updates: unknown = await api.getUpdates(
      { offset, limit, timeout: pollSeconds, allowed_updates: WANTED },
      signal,
    );
    if (!isBatch(updates)) throw new TypeError('Telegram answered with something that is no list of updates.');
    const last = Math.max(offset - 1, ...updates.map(({ update_id }) => update_id));
    offset = last + 1;
    failures = 0;
    limit = MOST;
    standing.up();
    if (updates.length === 0 && nowMs() - askedMs < AT_ONCE_MS) await pause(AT_ONCE_MS);
    return updates;
  };

  const source = createSource<Numbered>({
    async supply(_size, signal) {
      for (;;) {
        if (isOver()) return [];
        try {
          return [...(await ask(signal))];
        } catch (error) {
          if (isOver()) return [];
          const failure = readFailure(error);
          const { detail, ms } = waitAfter(failure, failures, chance());
          failures += 1;
          limit = failure.kind === 'unknown' ? FEW : MOST;
          // One broken poll is everyday life; two in a row are an outage.
          if (failure.kind !== 'unknown' || failures > 1) standing.down(detail);
          await pause(ms);
        }
      }
    },
  });

  const untilStored = async (step: () => Promise<void>): Promise<void> => {
    for (let tried = 0; !isOver(); tried += 1) {
      try {
        await step();
        return;
      } catch (error) {
        log.warn('telegram.notStored', { tried, error });
        await pause(STORE_AGAIN_MS[Math.min(tried, STORE_AGAIN_MS.length - 1)] ?? 0);
      }
    }
  };
  const sink = createBatchSink<Numbered>({ consume: (update) => intake.take(update, untilStored) }, async (error) =>
    log.error('telegram.updateFailed', { error }),
  );

  const runner = createRunner(source, sink);
  runner.start();
  return {
    async stop() {
      stopped = true;
      await runner.stop();
    },
  };
}

interface Numbered {
  readonly update_id: number;
}

function isBatch(value: unknown): value is readonly Numbered[] {
  return (
    Array.isArray(value) &&
    value.every(
      (one: unknown) =>
        typeof one === 'object' && one !== null && 'update_id' in one && Number.isSafeInteger(one.update_id),
    )
  );
}
