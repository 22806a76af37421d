import type { Channel } from '../core/channel.ts';
import type { ChannelName } from '../core/channel-name.ts';
import type { ChannelSettings } from '../core/channel-settings.ts';
import type { Sentence } from '../core/content.ts';
import type { Hook, HookName } from '../core/hook.ts';
import type { ChannelDeps } from './channel-deps.ts';
import { createEmail } from './email/channel.ts';
import { createSms } from './sms/channel.ts';
import { createTelegram } from './telegram/channel.ts';
import { createTwilioHook } from './twilio/hook.ts';
import { createVoice } from './voice/channel.ts';
import { createWhatsappCloud } from './whatsapp-cloud/channel.ts';
import { createWhatsappWeb } from './whatsapp-web/channel.ts';

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
  deps: ChannelDeps & { readonly sentence: Sentence; readonly secret: string },
): RealChannels {
  const channels = new Map<ChannelName, Channel>();
  const hooks = new Map<HookName, Hook>();
  const telegram = settings.telegram && createTelegram(settings.telegram, deps);
  if (telegram !== null) {
    channels.set('telegram', telegram.channel);
    if (telegram.hook !== null) hooks.set('telegram', telegram.hook);
  }
  if (settings.whatsappWeb !== null) channels.set('whatsapp', createWhatsappWeb(settings.whatsappWeb, deps).channel);
  const cloud = settings.whatsappCloud && createWhatsappCloud(settings.whatsappCloud, deps);
  if (cloud !== null) {
    channels.set('whatsapp', cloud.channel);
    hooks.set('whatsapp', cloud.hook);
  }
  if (settings.twilio !== null) {
    const { authToken, publicUrl } = settings.twilio;
    const sms = createSms(settings.twilio, deps);
    const voice = createVoice(settings.twilio, deps);
    channels.set('sms', sms.channel).set('voice', voice.channel);
    if (publicUrl !== null) hooks.set('twilio', createTwilioHook({ authToken, publicUrl }, [sms.take, voice.take]));
  }
  const email = settings.mail && createEmail(settings.mail, deps);
  if (email !== null) {
    channels.set('email', email.channel);
    if (email.hook !== null) hooks.set('email', email.hook);
  }
  return { channels, hooks, botName: () => telegram?.botName() ?? null };
}
