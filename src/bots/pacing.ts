import type { ChannelHealth } from '../core/channel.ts';
import type { ChannelName } from '../core/channel-name.ts';
import type { Clock } from '../core/clock.ts';

/** Remembers which channel asked for silence, so that nothing is sent inside a retry_after. */
export interface Pacing {
  /** The channel answered "not before"; a shorter pause never cuts a longer one. */
  limit(channel: ChannelName, until: Date): void;
  /** The moment until which the channel is to be left alone; null when it may be used. */
  limitedUntil(channel: ChannelName): Date | null;
  /** The channel's own word with our knowledge of its limits over it. */
  over(channel: ChannelName, health: ChannelHealth): ChannelHealth;
}

/** One a process; it starts empty, so the first send after a restart may meet the limit once more. */
export function createPacing({ clock }: { clock: Clock }): Pacing {
  const limits = new Map<ChannelName, { readonly since: Date; readonly until: Date }>();

  const current = (channel: ChannelName) => {
    const limit = limits.get(channel);
    const now = clock.now();
    // A clock that went back (the demo was reset) takes its limits with it.
    if (limit === undefined || (limit.until > now && limit.since <= now)) return limit;
    limits.delete(channel);
    return undefined;
  };

  return {
    limit(channel, until) {
      const known = current(channel);
      if (known !== undefined && known.until >= until) return;
      limits.set(channel, { since: known?.since ?? clock.now(), until });
    },
    limitedUntil: (channel) => current(channel)?.until ?? null,
    over(channel, health) {
      const limit = current(channel);
      if (limit === undefined || (health.state !== 'up' && health.state !== 'limited')) return health;
      const until =
        health.limitedUntil !== undefined && health.limitedUntil > limit.until ? health.limitedUntil : limit.until;
      return { ...health, state: 'limited', since: limit.since, limitedUntil: until };
    },
  };
}
