import type { Channel } from '../../core/channel.ts';
import type { TwilioSettings } from '../../core/channel-settings.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import type { TwilioTimes } from '../twilio/account.ts';
import type { TakeTwilioCall } from '../twilio/hook.ts';
import { createTwilioChannel } from '../twilio/twilio-channel.ts';
import { createMissed } from './missed.ts';
import { parseSmsCall } from './parse.ts';
import { renderSms } from './render.ts';

/** SMS by Twilio. Without a public address of ours nothing comes back: neither receipts nor answers. */
export function createSms(
  settings: TwilioSettings,
  deps: ChannelDeps,
  times?: TwilioTimes,
): { readonly channel: Channel; readonly take: TakeTwilioCall } {
  const { channel, account, events } = createTwilioChannel(
    {
      name: 'sms',
      resource: 'Messages',
      render(message) {
        const { body, senders } = renderSms(message, settings.from);
        return { words: body, forms: senders.map((from) => ({ From: from, Body: body })) };
      },
    },
    settings,
    deps,
    times,
  );
  const take: TakeTwilioCall = async ({ fields, attemptId }) => {
    const call = parseSmsCall(fields);
    const { received, receipt } = events();
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
  };
  if (settings.publicUrl === null) return { channel, take };
  const missed = createMissed(account, settings.from, deps, (fields) => take({ fields }));
  return {
    channel: {
      ...channel,
      async start(to) {
        await channel.start(to);
        missed.start();
      },
      async stop() {
        await missed.stop();
        await channel.stop();
      },
    },
    take,
  };
}
