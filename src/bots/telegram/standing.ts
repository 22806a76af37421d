import type { ChannelHealth } from '../../core/channel.ts';
import type { Clock, WallClock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';

/** How the bot stands with Telegram. */
export interface Standing {
  up(): void;
  /** One log line for each new reason, however often it is met. */
  down(detail: string): void;
  connecting(): void;
  detail(): string | null;
  /** Telegram asked for silence; a shorter one never cuts a longer one. */
  silence(ms: number): void;
  /** Milliseconds of silence that are left; 0: none. */
  silentMs(): number;
  health(): ChannelHealth;
}

/** Silence is counted in real time, for Telegram knows no demo clock. */
export function createStanding({ clock, wall, log }: { clock: Clock; wall: WallClock; log: Log }): Standing {
  let state: 'connecting' | 'up' | 'down' = 'connecting';
  let reason: string | null = null;
  let since = clock.now();
  let silentUntilMs = 0;

  const become = (next: typeof state, detail: string | null): boolean => {
    if (state === next && reason === detail) return false;
    if (state !== next) since = clock.now();
    state = next;
    reason = detail;
    return true;
  };
  const silentMs = (): number => Math.max(0, Math.ceil(silentUntilMs - wall.nowMs()));

  return {
    up() {
      if (become('up', null)) log.info('telegram.up');
    },
    down(detail) {
      if (become('down', detail)) log.warn('telegram.down', { detail });
    },
    connecting() {
      become('connecting', null);
    },
    detail: () => reason,
    silence(ms) {
      silentUntilMs = Math.max(silentUntilMs, wall.nowMs() + ms);
    },
    silentMs,
    health() {
      const leftMs = silentMs();
      if (state === 'up' && leftMs > 0)
        return { state: 'limited', since, limitedUntil: new Date(clock.now().getTime() + leftMs) };
      return { state, since, ...(reason !== null && { detail: reason }) };
    },
  };
}
