import type { Api } from 'grammy';
import type { ChannelEvents } from '../../core/channel.ts';
import type { TelegramSettings } from '../../core/channel-settings.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import { createBotApi } from './bot-api.ts';
import { readFailure } from './call-failure.ts';
import { createConnection } from './connection.ts';
import { createIntake, type Intake } from './intake.ts';
import type { Moves } from './moves.ts';
import { type Polling, startPolling } from './polling.ts';
import type { Standing } from './standing.ts';
import type { Topics } from './topics.ts';

const CONNECTIONS = 20;
/** The start of the service does not wait longer than this for Telegram. */
const START_MS = 5000;
/** Over the time that Telegram itself waits before it answers a poll. */
const POLL_GRACE_MS = 10_000;

/** How long Telegram is waited for; for tests that cannot wait that long. */
export interface TelegramPatience {
  /** Until a call counts as unanswered. Below the lease of a message (delivery gives up at 45 s). */
  readonly answerMs: number;
  /** Of one long poll, in whole seconds. */
  readonly pollSeconds: number;
}

/** From one start to the next stop: connections, the way in, and what keeps both alive. */
export interface Line {
  readonly api: Api;
  readonly intake: Intake;
  /** Resolves when nothing is in flight. */
  close(): Promise<void>;
}

interface LineDeps extends ChannelDeps {
  readonly standing: Standing;
  readonly topics: Topics;
  readonly moves: Moves;
  readonly named: (name: string) => void;
  readonly contactShared: (chat: string) => void;
}

/** Opens a line and waits for Telegram's first word, but not for long. */
export async function openLine(
  settings: TelegramSettings,
  { answerMs, pollSeconds }: TelegramPatience,
  events: ChannelEvents,
  deps: LineDeps,
): Promise<Line> {
  const { standing, taps, topics, moves, clock, wall, chance, every, log } = deps;
  const sender = createBotApi(settings, { connections: CONNECTIONS, timeoutMs: answerMs });
  const poller = createBotApi(settings, { connections: 1, timeoutMs: pollSeconds * 1000 + POLL_GRACE_MS });
  let close = (): void => undefined;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  const pause = (ms: number): Promise<void> => Promise.race([deps.pause(ms), closed]);
  let polling: Polling | null = null;

  const answerTap = (query: string): void => {
    if (standing.silentMs() > 0) return;
    sender.api.answerCallbackQuery(query).catch((error: unknown) => {
      const failure = readFailure(error);
      if (failure.kind === 'limited') standing.silence(failure.afterMs);
    });
  };
  const intake = createIntake({
    bot: settings.token.split(':')[0] ?? '',
    events,
    taps,
    topics,
    moves,
    clock,
    log,
    answerTap,
    contactShared: deps.contactShared,
  });
  const connection = createConnection({
    api: sender.api,
    webhook: settings.webhook,
    standing,
    named: deps.named,
    mayPoll: () => {
      polling = startPolling({
        api: poller.api,
        intake,
        standing,
        pollSeconds,
        nowMs: () => wall.nowMs(),
        chance,
        pause,
        log,
      });
    },
    chance,
    pause,
    every,
  });
  await Promise.race([connection.open(), pause(START_MS)]);
  return {
    api: sender.api,
    intake,
    async close() {
      connection.close();
      close();
      await polling?.stop();
      await Promise.all([sender.close(), poller.close()]);
    },
  };
}
