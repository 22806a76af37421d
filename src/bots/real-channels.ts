import type { Channel } from '../core/channel.ts';
import type { ChannelName } from '../core/channel-name.ts';
import type { ChannelSettings } from '../core/channel-settings.ts';
import type { Hook, HookName } from '../core/hook.ts';
import type { ChannelDeps } from './channel-deps.ts';

/** The channels that the settings switch on, and the doors at which their platforms call. */
export interface RealChannels {
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly hooks: ReadonlyMap<HookName, Hook>;
  /** The Telegram bot's user name; null before Telegram has told it. */
  botName(): string | null;
}

/** Builds what is set up; nothing is started. */
export function createRealChannels(_settings: ChannelSettings, _deps: ChannelDeps): RealChannels {
  const channels = new Map<ChannelName, Channel>();
  const hooks = new Map<HookName, Hook>();
  return { channels, hooks, botName: () => null };
}
