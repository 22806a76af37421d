/** What the rooms have to know of a channel before it is open; a new one is a line more in `CHANNEL_TRAITS`. */
interface ChannelTraits {
  /** What leads to the person: any mobile number, a chat that was opened and linked, or the mail address. */
  readonly reach: 'number' | 'chat' | 'mailbox';
  /** What choices become: buttons, numbers beside links of the web, or spoken words. */
  readonly shows: 'buttons' | 'links' | 'speech';
}

const CHANNEL_TRAITS = {
  whatsapp: { reach: 'number', shows: 'buttons' },
  telegram: { reach: 'chat', shows: 'buttons' },
  sms: { reach: 'number', shows: 'links' },
  email: { reach: 'mailbox', shows: 'links' },
  voice: { reach: 'number', shows: 'speech' },
} as const satisfies Readonly<Record<string, ChannelTraits>>;

export type ChannelName = keyof typeof CHANNEL_TRAITS;

/** Every way to a patient that the service knows, in no order of preference. */
export const CHANNELS = Object.keys(CHANNEL_TRAITS) as readonly ChannelName[];

/** Channels whose addresses are numbers: a STOP on one of them stops them all. */
export const NUMBER_CHANNELS = CHANNELS.filter((name) => reachOf(name) === 'number');

/** What leads to a person on this channel. */
export function reachOf(channel: ChannelName): ChannelTraits['reach'] {
  return CHANNEL_TRAITS[channel].reach;
}

/** What a message's choices become on this channel. */
export function showsOf(channel: ChannelName): ChannelTraits['shows'] {
  return CHANNEL_TRAITS[channel].shows;
}
