/** Every way to a patient that the service knows, in no order of preference. */
export const CHANNELS = ['whatsapp', 'telegram', 'sms', 'email', 'voice'] as const;

export type ChannelName = (typeof CHANNELS)[number];
