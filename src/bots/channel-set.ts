import type { Channel, ChannelEvents, ChannelHealth, ChannelsHealth } from '../core/channel.ts';
import { CHANNELS, type ChannelName } from '../core/channel-name.ts';
import type { Clock } from '../core/clock.ts';
import type { Pacing } from './pacing.ts';

/** All channels as one: their states for the decider and the API, and their start and stop. */
export interface ChannelSet {
  health(): ChannelsHealth;
  start(events: ChannelEvents): Promise<void>;
  stop(): Promise<void>;
}

/** Channels that are not set up are `off` since the set was made. */
export function createChannelSet(deps: {
  channels: ReadonlyMap<ChannelName, Channel>;
  pacing: Pacing;
  clock: Clock;
}): ChannelSet {
  const { channels, pacing } = deps;
  const off: ChannelHealth = { state: 'off', since: deps.clock.now() };
  const healthOf = (name: ChannelName): ChannelHealth => {
    const channel = channels.get(name);
    return channel === undefined ? off : pacing.over(name, channel.health());
  };
  return {
    health: () => Object.fromEntries(CHANNELS.map((name) => [name, healthOf(name)])) as ChannelsHealth,
    async start(events) {
      await Promise.all([...channels.values()].map((channel) => channel.start(events)));
    },
    async stop() {
      await Promise.all([...channels.values()].map((channel) => channel.stop()));
    },
  };
}
