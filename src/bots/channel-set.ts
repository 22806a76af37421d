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
  /** Does what staff have asked of another instance meanwhile. Call it every few seconds once started. */
  follow(): Promise<void>;
}

/** What staff wish, kept for every instance and start. */
const DISCONNECTED = 'disconnectedAt';
const CONNECTED = 'connectedAt';

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
  /** The newest wish to connect that was carried out here. */
  const connected = new Map<ChannelName, string | null>();
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

  const restart = async (channel: Channel): Promise<void> => {
    disconnected.delete(channel.name);
    await channel.stop();
    if (events !== null) await channel.start(events);
  };

  const followOne = async (channel: Channel): Promise<void> => {
    const { name } = channel;
    const since = await memory.get(name, DISCONNECTED);
    const asked = await memory.get(name, CONNECTED);
    const isNew = connected.get(name) !== asked;
    connected.set(name, asked);
    if (since === null) {
      if (isNew || disconnected.has(name)) await restart(channel);
    } else if (!disconnected.has(name)) {
      disconnected.set(name, new Date(since));
      await channel.stop();
    }
  };

  return {
    health: () => Object.fromEntries(CHANNELS.map((name) => [name, healthOf(name)])) as ChannelsHealth,
    async start(to) {
      events = to;
      for (const name of channels.keys()) {
        connected.set(name, await memory.get(name, CONNECTED));
        const since = await memory.get(name, DISCONNECTED);
        if (since !== null) disconnected.set(name, new Date(since));
      }
      const wanted = [...channels.values()].filter(({ name }) => !disconnected.has(name));
      await Promise.all(wanted.map((channel) => channel.start(to)));
    },
    async stop() {
      events = null;
      await Promise.all([...channels.values()].map((channel) => channel.stop()));
    },
    async follow() {
      await Promise.all([...channels.values()].map((channel) => lanes.run(channel.name, () => followOne(channel))));
    },
    connect: (name) =>
      lanes.run(name, async () => {
        const channel = existing(name);
        const asked = clock.now().toISOString();
        await memory.set(name, CONNECTED, asked);
        await memory.forget(name, DISCONNECTED);
        connected.set(name, asked);
        await restart(channel);
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
