import type { Channel } from '../core/channel.ts';
import type { ChannelName } from '../core/channel-name.ts';
import type { ChannelSettings } from '../core/channel-settings.ts';
import type { Sentence } from '../core/content.ts';
import type { Hook, HookName } from '../core/hook.ts';
import type { ChannelDeps } from './channel-deps.ts';
import { createTelegram } from './telegram/channel.ts';
import { createWhatsappCloud } from './whatsapp-cloud/channel.ts';

/** The channels that the settings switch on, and the doors at which their platforms call. */
export interface RealChannels {
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly hooks: ReadonlyMap<HookName, Hook>;
  /** The Telegram bot's user name; null before Telegram has told it. */
  botName(): string | null;
}

/** Builds what is set up; nothing is started. */
export function createRealChannels(
  settings: ChannelSettings,
  deps: ChannelDeps & { readonly sentence: Sentence },
): RealChannels {
  const channels = new Map<ChannelName, Channel>();
  const hooks = new Map<HookName, Hook>();
  const telegram = settings.telegram && createTelegram(settings.telegram, deps);
  if (telegram !== null) {
    channels.set('telegram', telegram.channel);
    if (telegram.hook !== null) hooks.set('telegram', telegram.hook);
  }
  const cloud = settings.whatsappCloud && createWhatsappCloud(settings.whatsappCloud, deps);
  if (cloud !== null) {
    channels.set('whatsapp', cloud.channel);
    hooks.set('whatsapp', cloud.hook);
  }
  return { channels, hooks, botName: () => telegram?.botName() ?? null };
}
