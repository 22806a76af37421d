import type { Channel, ChannelEvents, ChannelPace, OutgoingMessage, SendResult } from '../../core/channel.ts';
import type { TwilioSettings } from '../../core/channel-settings.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import { listener } from '../listener.ts';
import { createTwilioAccount, type TwilioAccount, type TwilioResource, type TwilioTimes } from './account.ts';
import { createTwilioAttempts } from './attempts.ts';
import { statusCallback } from './status-callback.ts';

/** In what SMS and calls differ. */
interface TwilioKind {
  readonly name: 'sms' | 'voice';
  readonly resource: TwilioResource;
  /** The words by which the message is found again, and the forms to try: the next one where Twilio does not take the sender. */
  readonly render: (message: OutgoingMessage) => {
    readonly words: string;
    readonly forms: readonly Readonly<Record<string, string>>[];
  };
}

/** One a second is what a long number is allowed in most countries; a short code or a name may do more. */
const PACE: ChannelPace = { perSecond: 1, perChatMs: 0 };
const NOT_NOTED: SendResult = { kind: 'retry', afterMs: 30_000, reason: 'storeAway', only: 'message' };
const SENDER_NOT_TAKEN: readonly string[] = ['senderNotAllowed', 'unreachable'];

/** What SMS and calls by Twilio share. `events`: who hears what comes in; throws before the channel has started. */
export function createTwilioChannel(
  { name, resource, render }: TwilioKind,
  settings: TwilioSettings,
  deps: ChannelDeps,
  times?: TwilioTimes,
): { readonly channel: Channel; readonly account: TwilioAccount; readonly events: () => ChannelEvents } {
  const { publicUrl, authToken } = settings;
  const account = createTwilioAccount(name, settings, deps, times);
  const attempts = createTwilioAttempts({ channel: name, resource, account, authToken, deps });
  const heard = listener();

  const send = async (message: OutgoingMessage): Promise<SendResult> => {
    const { attemptId, messageId, to } = message;
    const { words, forms } = render(message);
    try {
      await attempts.note({ id: attemptId, message: messageId, to, words });
    } catch (error) {
      deps.log.warn(`${name}.notNoted`, { message: messageId, error });
      return NOT_NOTED;
    }
    let result: SendResult = NOT_NOTED;
    for (const form of forms) {
      result = await account.create(resource, {
        To: to,
        ...form,
        ...(publicUrl !== null && { StatusCallback: statusCallback(publicUrl, attemptId) }),
      });
      if (result.kind !== 'refused' || !SENDER_NOT_TAKEN.includes(result.reason)) break;
    }
    if (result.kind !== 'unknown') attempts.answered(attemptId);
    return result;
  };

  return {
    channel: {
      name,
      can: { buttons: 0, list: 0, freeFormWindowHours: null, receipts: publicUrl === null ? 'none' : 'delivered' },
      pace: PACE,
      async start(events) {
        heard.to(events);
        await account.start();
      },
      stop: () => account.stop(),
      send,
      find: (attemptId) => attempts.find(attemptId),
      health: () => account.health(),
    },
    account,
    events: heard.events,
  };
}
