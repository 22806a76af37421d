import type { Channel, ChannelEvents, ChannelHealth, ChannelsHealth } from '../core/channel.ts';
import type { ChannelControl } from '../core/channel-control.ts';
import type { ChannelMemory } from '../core/channel-memory.ts';
import { CHANNELS, type ChannelName } from '../core/channel-name.ts';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import { createLanes } from './lanes.ts';
import type { Pacing } from './pacing.ts';

/** All channels as one: their states for the decider and the API, and their start and stop. */
export interface ChannelSet extends Pick<ChannelControl, 'connect' | 'disconnect'> {
  health(): ChannelsHealth;
  /** Starts every channel but those that staff have disconnected. */
  start(events: ChannelEvents): Promise<void>;
  stop(): Promise<void>;
}

const DISCONNECTED = 'disconnectedAt';

/** Channels that are not set up are `off` since the set was made; those that staff disconnected since then. */
export function createChannelSet(deps: {
  channels: ReadonlyMap<ChannelName, Channel>;
  pacing: Pick<Pacing, 'over'>;
  memory: ChannelMemory;
  clock: Clock;
}): ChannelSet {
  const { channels, pacing, memory, clock } = deps;
  const off: ChannelHealth = { state: 'off', since: clock.now() };
  const disconnected = new Map<ChannelName, Date>();
  const lanes = createLanes();
  let events: ChannelEvents | null = null;

  const healthOf = (name: ChannelName): ChannelHealth => {
    const channel = channels.get(name);
    const since = disconnected.get(name);
    if (channel === undefined) return off;
    if (since !== undefined) return { state: 'off', since, detail: 'disconnected' };
    return pacing.over(name, channel.health());
  };

  const existing = (name: ChannelName): Channel => {
    const channel = channels.get(name);
    if (channel === undefined) throw new AppError('channelOff', `The channel ${name} is not set up.`);
    return channel;
  };

  return {
    health: () => Object.fromEntries(CHANNELS.map((name) => [name, healthOf(name)])) as ChannelsHealth,
    async start(to) {
      events = to;
      for (const name of channels.keys()) {
        const since = await memory.get(name, DISCONNECTED);
        if (since !== null) disconnected.set(name, new Date(since));
      }
      const wanted = [...channels.values()].filter(({ name }) => !disconnected.has(name));
      await Promise.all(wanted.map((channel) => channel.start(to)));
    },
    async stop() {
      await Promise.all([...channels.values()].map((channel) => channel.stop()));
    },
    connect: (name) =>
      lanes.run(name, async () => {
        const channel = existing(name);
        await memory.forget(name, DISCONNECTED);
        disconnected.delete(name);
        await channel.stop();
        if (events !== null) await channel.start(events);
        return healthOf(name);
      }),
    disconnect: (name) =>
      lanes.run(name, async () => {
        const channel = existing(name);
        const since = disconnected.get(name) ?? clock.now();
        await memory.set(name, DISCONNECTED, since.toISOString());
        disconnected.set(name, since);
        await channel.stop();
        return healthOf(name);
      }),
  };
}
