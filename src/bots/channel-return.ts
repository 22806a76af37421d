import type { ChannelsHealth } from '../core/channel.ts';
import { CHANNELS, type ChannelName } from '../core/channel-name.ts';

/**
 * Notices that a channel has come up: at a start every channel needs a moment, and what was decided in that moment waits for it.
 * Looks when called, often; `returned` wakes what waits.
 */
export function createChannelReturn(deps: {
  health: () => ChannelsHealth;
  returned: () => Promise<void>;
}): () => Promise<void> {
  const up = new Set<ChannelName>();
  return async () => {
    const health = deps.health();
    const fresh = CHANNELS.filter((name) => health[name].state === 'up' && !up.has(name));
    for (const name of CHANNELS) if (health[name].state !== 'up') up.delete(name);
    if (fresh.length === 0) return;
    // Noted only when it was told: a store that is away just now is tried again.
    await deps.returned();
    for (const name of fresh) up.add(name);
  };
}
