import type { ChannelHealth, SendResult } from '../core/channel.ts';
import type { ChannelName } from '../core/channel-name.ts';
import type { ChannelDeps } from './channel-deps.ts';

/** What a question to the platform whether it works with us brought: fine; not, and asking again makes sense; not, until somebody mends it. */
export type LinkCheck = { readonly kind: 'fine' } | { readonly kind: 'away' | 'refused'; readonly detail: string };

type Retry = Extract<SendResult, { kind: 'retry' }>;

/** Whether a platform that is called (and needs no session) works with us, from what its answers said. */
export interface PlatformLink {
  /** Asks, and waits a little for the answer; then goes on asking while the platform is away, but not while it refuses us (spec: reliability.md B4, 33). */
  start(): Promise<void>;
  stop(): void;
  /** The platform took something: an earlier series of losses is over. */
  worked(): void;
  /** A request left and no answer came. After some in a row nothing more is sent until the platform answers a question (B4, 29). */
  lost(): void;
  /** It could not be reached, or refuses us, so nothing left: what `send` answers then. */
  failed(check: Exclude<LinkCheck, { kind: 'fine' }>): Retry;
  /** Nothing is to be sent for so long. */
  limit(ms: number): void;
  /** Null: send. Else what `send` answers without a call. */
  closed(): Retry | null;
  health(): ChannelHealth;
}

const CHECK_MS = 30_000;
/** A platform that answers nothing does not hold up the start of the others. */
const START_WAITS_MS = 5_000;
const REFUSED_AGAIN_MS = 600_000;
const LOST_IN_A_ROW = 3;

/** `check` never rejects. */
export function createPlatformLink(
  channel: ChannelName,
  { clock, wall, every, pause, log }: Pick<ChannelDeps, 'clock' | 'wall' | 'every' | 'pause' | 'log'>,
  check: () => Promise<LinkCheck>,
  checkMs = CHECK_MS,
): PlatformLink {
  let now: { readonly state: 'off' | 'connecting' | 'up' | 'down'; readonly detail?: string; readonly since: Date } = {
    state: 'off',
    since: clock.now(),
  };
  let asks = false;
  let asking = false;
  let losses = 0;
  let limited: { readonly since: Date; readonly untilMs: number } | null = null;
  let quiet: (() => void) | null = null;

  const turn = (state: typeof now.state, detail?: string): void => {
    const same = now.state === state;
    now = { state, since: same ? now.since : clock.now(), ...(detail !== undefined && { detail }) };
    if (same) return;
    if (state === 'down') log.warn('channel.down', { channel, detail });
    else log.info('channel.state', { channel, state });
  };

  const take = (answer: LinkCheck): void => {
    losses = 0;
    asks = answer.kind === 'away';
    if (answer.kind === 'fine') turn('up');
    else turn('down', answer.detail);
  };

  const ask = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    const answer = await check();
    asking = false;
    if (quiet !== null) take(answer);
  };

  const closed = (): Retry => ({
    kind: 'retry',
    afterMs: now.state === 'down' && !asks ? REFUSED_AGAIN_MS : checkMs,
    reason: now.detail ?? 'notConnected',
  });

  return {
    async start() {
      if (quiet !== null && now.state === 'up') return;
      quiet?.();
      turn('connecting');
      quiet = every(checkMs, () => {
        if (asks) void ask();
      });
      await Promise.race([ask(), pause(START_WAITS_MS)]);
    },
    stop() {
      quiet?.();
      quiet = null;
      asks = false;
      turn('off');
    },
    worked() {
      losses = 0;
    },
    lost() {
      losses += 1;
      if (losses < LOST_IN_A_ROW || now.state !== 'up') return;
      take({ kind: 'away', detail: 'noAnswer' });
    },
    failed(answer) {
      if (now.state === 'up') take(answer);
      return closed();
    },
    limit(ms) {
      limited = { since: limited?.since ?? clock.now(), untilMs: Math.max(limited?.untilMs ?? 0, wall.nowMs() + ms) };
    },
    closed: () => (now.state === 'up' ? null : closed()),
    health() {
      if (limited !== null && limited.untilMs <= wall.nowMs()) limited = null;
      if (now.state !== 'up' || limited === null) return now;
      // The demo's clock stands apart from real time: the same distance on it.
      const limitedUntil = new Date(clock.now().getTime() + limited.untilMs - wall.nowMs());
      return { state: 'limited', since: limited.since, limitedUntil };
    },
  };
}
