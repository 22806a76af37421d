import type { Channel, OutgoingMessage, SendResult } from '../../core/channel.ts';
import type { TwilioSettings } from '../../core/channel-settings.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import { listener } from '../listener.ts';
import { createTwilioAccount, type TwilioTimes } from '../twilio/account.ts';
import { createTwilioAttempts } from '../twilio/attempts.ts';
import type { TakeTwilioCall } from '../twilio/hook.ts';
import { statusCallback } from '../twilio/status-callback.ts';
import { parseSmsCall } from './parse.ts';
import { renderSms } from './render.ts';

const NOT_NOTED: SendResult = { kind: 'retry', afterMs: 30_000, reason: 'storeAway', only: 'message' };

/** SMS by Twilio. Without a public address of ours nothing comes back: neither receipts nor answers. */
export function createSms(
  settings: TwilioSettings,
  deps: ChannelDeps,
  times?: TwilioTimes,
): { readonly channel: Channel; readonly take: TakeTwilioCall } {
  const { publicUrl } = settings;
  const account = createTwilioAccount('sms', settings, deps, times);
  const attempts = createTwilioAttempts({
    channel: 'sms',
    resource: 'Messages',
    account,
    authToken: settings.authToken,
    deps,
  });
  const heard = listener();

  const write = async (message: OutgoingMessage): Promise<SendResult> => {
    const { body, senders } = renderSms(message, settings.from);
    try {
      await attempts.note({ id: message.attemptId, message: message.messageId, to: message.to, words: body });
    } catch (error) {
      deps.log.warn('sms.notNoted', { message: message.messageId, error });
      return NOT_NOTED;
    }
    let result: SendResult = NOT_NOTED;
    for (const from of senders) {
      result = await account.create('Messages', {
        To: message.to,
        From: from,
        Body: body,
        ...(publicUrl !== null && { StatusCallback: statusCallback(publicUrl, message.attemptId) }),
      });
      if (result.kind !== 'refused' || !['senderNotAllowed', 'unreachable'].includes(result.reason)) break;
    }
    if (result.kind !== 'unknown') attempts.answered(message.attemptId);
    return result;
  };

  return {
    channel: {
      name: 'sms',
      can: { buttons: 0, list: 0, freeFormWindowHours: null, receipts: publicUrl === null ? 'none' : 'delivered' },
      // One a second is what a long number is allowed in most countries; a short code or a name may do more.
      pace: { perSecond: 1, perChatMs: 0 },
      async start(events) {
        heard.to(events);
        await account.start();
      },
      stop: () => account.stop(),
      send: write,
      find: (attemptId) => attempts.find(attemptId),
      health: () => account.health(),
    },
    async take({ fields, attemptId }) {
      const call = parseSmsCall(fields);
      const { received, receipt } = heard.events();
      const of = { channel: 'sms', at: deps.clock.now(), ...(attemptId !== undefined && { attemptId }) } as const;
      switch (call.kind) {
        case 'wrote':
          await received({ id: call.id, from: { channel: 'sms', address: call.from }, at: of.at, body: call.body });
          return true;
        case 'status':
          await receipt({ ...of, providerId: call.sid, status: call.status });
          return true;
        case 'failed':
          await receipt({
            ...of,
            providerId: call.sid,
            status: 'failed',
            reason: call.reason,
            ...(call.closes && { closes: true }),
          });
          return true;
        case 'ignored':
          return false;
        default:
          return call satisfies never;
      }
    },
  };
}
