import type { Channel } from '../../core/channel.ts';
import type { TwilioSettings } from '../../core/channel-settings.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import type { TwilioTimes } from '../twilio/account.ts';
import type { TakeTwilioCall } from '../twilio/hook.ts';
import { createTwilioChannel } from '../twilio/twilio-channel.ts';
import { parseVoiceCall } from './parse.ts';
import { renderCall } from './render.ts';

/** A phone call by Twilio in which a voice reads the message; nothing can be answered. It goes to mobile numbers only: a landline gets nothing (spec: scenarios.md, rule 6; reliability.md B5, 11). */
export function createVoice(
  settings: TwilioSettings,
  deps: ChannelDeps,
  times?: TwilioTimes,
): { readonly channel: Channel; readonly take: TakeTwilioCall } {
  const { channel, events } = createTwilioChannel(
    {
      name: 'voice',
      resource: 'Calls',
      render: ({ text }) => ({ words: text.text, forms: [{ From: settings.from, Twiml: renderCall(text) }] }),
    },
    settings,
    deps,
    times,
  );
  return {
    channel,
    async take({ fields, attemptId }) {
      const told = parseVoiceCall(fields);
      if (told.kind === 'ignored') return false;
      const of = {
        channel: 'voice',
        providerId: told.sid,
        at: deps.clock.now(),
        ...(attemptId !== undefined && { attemptId }),
      } as const;
      const { receipt } = events();
      await receipt(
        told.kind === 'answered' ? { ...of, status: 'delivered' } : { ...of, status: 'failed', reason: told.reason },
      );
      return true;
    },
  };
}
