import { afterEach } from '@jest/globals';
import { createTaps } from '../../src/bots/taps.ts';
import { createTelegram, type Telegram } from '../../src/bots/telegram/channel.ts';
import type { Channel, ChannelEvents } from '../../src/core/channel.ts';
import type { RenderedChoice } from '../../src/core/content.ts';
import type { Hook } from '../../src/core/hook.ts';
import type { InboundMessage } from '../../src/core/inbound.ts';
import type { Message } from '../../src/core/message.ts';
import type { Stores } from '../../src/core/stores.ts';
import { type BotApiServer, startBotApiServer } from './bot-api-server.ts';
import { fakeClock } from './fake-clock.ts';
import { startHookServer } from './hook-server.ts';
import { type QuietLog, quietLog } from './quiet-log.ts';

const SECRET = 'a-secret-of-the-webhook-0123';
const START = '2026-03-02T09:00:00Z';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** A wait that the channel asked for and that only the test ends. */
interface HeldPause {
  readonly ms: number;
  end(): void;
}

/** The real channel on the stand-in of Telegram and the real stores; stopped after the test that opened it. */
export interface TelegramBench {
  readonly server: BotApiServer;
  readonly telegram: Telegram;
  readonly channel: Channel;
  readonly log: QuietLog;
  readonly received: InboundMessage[];
  readonly closed: string[];
  /** May be replaced by a test; keeps what it is told by default. */
  readonly events: { -readonly [K in keyof ChannelEvents]: ChannelEvents[K] };
  start(): Promise<void>;
  /** Waits longer than 1 s, in the order of asking; shorter ones take a tenth of their time. */
  readonly pauses: readonly HeldPause[];
  /** Resolves with the first such wait of this length, or a later one. */
  paused(ms: number, number?: number): Promise<HeldPause>;
  /** What the channel does every so often. */
  readonly ticks: readonly (() => void)[];
  /** Moves the channel's real time. */
  advance(ms: number): void;
  /** A message of ours in the outbox as it is after sending, or while that is under way; gives its id. */
  stored(row: {
    to: string;
    choices?: readonly RenderedChoice[];
    providerId?: string;
    state?: Message['state'];
  }): Promise<string>;
  readonly hookUrl: string;
  readonly secret: string;
}

export interface TelegramBenchOptions {
  readonly mode?: 'polling' | 'webhook';
  readonly answerMs?: number;
  readonly pollSeconds?: number;
  /** Another server, such as none at all. */
  readonly apiRoot?: string;
  readonly server?: BotApiServer;
}

export async function telegramBench(stores: Stores, options: TelegramBenchOptions = {}): Promise<TelegramBench> {
  const { mode = 'polling', answerMs = 2000, pollSeconds = 1 } = options;
  const server = options.server ?? (await startBotApiServer());
  const log = quietLog();
  const clock = fakeClock(START);
  const received: InboundMessage[] = [];
  const closed: string[] = [];
  const pauses: HeldPause[] = [];
  const ticks: (() => void)[] = [];
  const watchers = new Set<() => void>();
  let apart = 0;

  const hooks = new Map<'telegram', Hook>();
  const doors = await startHookServer(hooks);
  const hookUrl = `${doors.origin}/hooks/telegram`;
  const telegram = createTelegram(
    {
      token: server.token,
      apiRoot: options.apiRoot ?? server.root,
      webhook: mode === 'webhook' ? { url: hookUrl, secret: SECRET } : null,
    },
    {
      clock,
      wall: { nowMs: () => performance.now() + apart },
      newId: () => 'unused',
      chance: () => 0,
      pause: (ms) =>
        new Promise((resolve) => {
          if (ms <= 1000) setTimeout(resolve, ms / 10).unref();
          else {
            pauses.push({ ms, end: resolve });
            for (const look of [...watchers]) look();
          }
        }),
      every: (_ms, tick) => {
        ticks.push(tick);
        return () => void ticks.splice(ticks.indexOf(tick), 1);
      },
      memory: stores.channelMemory,
      taps: createTaps({ outbox: stores.outbox }),
      log,
    },
    { answerMs, pollSeconds },
  );
  if (telegram.hook !== null) hooks.set('telegram', telegram.hook);
  const { channel } = telegram;
  const events: TelegramBench['events'] = {
    received: async (message) => void received.push(message),
    receipt: async () => undefined,
    closed: async ({ address }) => void closed.push(address),
  };

  opened.push(async () => {
    await channel.stop();
    await doors.stop();
    if (options.server === undefined) await server.close();
  });
  return {
    server,
    telegram,
    channel,
    log,
    received,
    closed,
    events,
    pauses,
    ticks,
    hookUrl,
    secret: SECRET,
    start: () =>
      channel.start({
        received: (message) => events.received(message),
        receipt: (receipt) => events.receipt(receipt),
        closed: (chat, at) => events.closed(chat, at),
      }),
    paused: (ms, number = 1) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = pauses.filter((pause) => pause.ms === ms)[number - 1];
          if (found === undefined) return;
          watchers.delete(look);
          resolve(found);
        };
        watchers.add(look);
        look();
      }),
    advance: (ms) => {
      apart += ms;
    },
    async stored({ to, choices = [], providerId, state = 'sent' }) {
      const now = clock.now();
      const [planned] = await stores.outbox.plan(
        [
          {
            key: `reply:${performance.now()}`,
            kind: 'reply',
            patient: null,
            branch: null,
            dueAt: now,
            channel: 'telegram',
            to,
          },
        ],
        now,
      );
      if (planned === undefined) throw new Error('The row was not planned.');
      const attempt = { id: `${planned.id}-a`, channel: 'telegram', to, price: 0, at: now, result: 'sent' } as const;
      const sent: Message = {
        ...planned,
        state,
        lookAt: null,
        choices,
        attempts: [{ ...attempt, ...(providerId !== undefined && { providerId }) }],
      };
      await stores.outbox.save(planned, sent);
      return planned.id;
    },
  };
}
