import type { Channel, OutgoingMessage, SendResult } from '../../core/channel.ts';
import type { TwilioSettings } from '../../core/channel-settings.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import { listener } from '../listener.ts';
import { createTwilioAccount, type TwilioTimes } from '../twilio/account.ts';
import { createTwilioAttempts } from '../twilio/attempts.ts';
import type { TakeTwilioCall } from '../twilio/hook.ts';
import { statusCallback } from '../twilio/status-callback.ts';
import { parseVoiceCall } from './parse.ts';
import { renderCall } from './render.ts';

const NOT_NOTED: SendResult = { kind: 'retry', afterMs: 30_000, reason: 'storeAway', only: 'message' };

/** A phone call by Twilio in which a voice reads the message; it reaches landlines too. Nothing can be answered. */
export function createVoice(
  settings: TwilioSettings,
  deps: ChannelDeps,
  times?: TwilioTimes,
): { readonly channel: Channel; readonly take: TakeTwilioCall } {
  const { publicUrl } = settings;
  const account = createTwilioAccount('voice', settings, deps, times);
  const attempts = createTwilioAttempts({
    channel: 'voice',
    resource: 'Calls',
    account,
    authToken: settings.authToken,
    deps,
  });
  const heard = listener();

  const call = async ({ attemptId, messageId, to, text }: OutgoingMessage): Promise<SendResult> => {
    try {
      await attempts.note({ id: attemptId, message: messageId, to, words: text.text });
    } catch (error) {
      deps.log.warn('voice.notNoted', { message: messageId, error });
      return NOT_NOTED;
    }
    const result = await account.create('Calls', {
      To: to,
      From: settings.from,
      Twiml: renderCall(text),
      ...(publicUrl !== null && { StatusCallback: statusCallback(publicUrl, attemptId) }),
    });
    if (result.kind !== 'unknown') attempts.answered(attemptId);
    return result;
  };

  return {
    channel: {
      name: 'voice',
      can: { buttons: 0, list: 0, freeFormWindowHours: null, receipts: publicUrl === null ? 'none' : 'delivered' },
      pace: { perSecond: 1, perChatMs: 0 },
      async start(events) {
        heard.to(events);
        await account.start();
      },
      stop: () => account.stop(),
      send: call,
      find: (attemptId) => attempts.find(attemptId),
      health: () => account.health(),
    },
    async take({ fields, attemptId }) {
      const told = parseVoiceCall(fields);
      if (told.kind === 'ignored') return false;
      const of = {
        channel: 'voice',
        providerId: told.sid,
        at: deps.clock.now(),
        ...(attemptId !== undefined && { attemptId }),
      } as const;
      const { receipt } = heard.events();
      await receipt(
        told.kind === 'answered' ? { ...of, status: 'delivered' } : { ...of, status: 'failed', reason: told.reason },
      );
      return true;
    },
  };
}
