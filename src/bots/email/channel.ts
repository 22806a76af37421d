import type { Channel, OutgoingMessage, SendResult } from '../../core/channel.ts';
import type { MailSettings } from '../../core/channel-settings.ts';
import type { Sentence } from '../../core/content.ts';
import type { Hook } from '../../core/hook.ts';
import type { ChannelDeps } from '../channel-deps.ts';
import { listener } from '../listener.ts';
import { createPlatformLink, type LinkCheck } from '../platform-link.ts';
import { ASK_AFTER_MS } from '../unknown-outcome.ts';
import { parseMailbox } from './address.ts';
import { renderMail } from './render.ts';
import type { SmtpFailure } from './smtp-error.ts';
import { createMailTransport, type MailTimes, type MailTransport } from './transport.ts';
import { createUnsubscribeHook } from './unsubscribe-hook.ts';
import { createUnsubscribeTokens } from './unsubscribe-token.ts';

const TIMES: MailTimes & { readonly checkMs: number } = { silenceMs: 20_000, timeoutMs: 40_000, checkMs: 30_000 };
const ALL_LATER_MS = 60_000;
const ONE_LATER_MS = 300_000;
/** What may stand in an SMTP command; the clinic's data are checked at the door, this is the last look. */
const ADDRESS = /^[^\s<>@\p{Cc}]+@[^\s<>@\p{Cc}]+$/u;
const NO_ADDRESS: SendResult = { kind: 'refused', reason: 'invalidAddress', closes: true };
/** SMTP keeps nothing that could be asked for. */
const SILENT = { kind: 'silent' } as const;

/** Mail over SMTP. What the server refuses in the conversation is known; a bounce that comes later as a mail is not: nobody reads what is written back to us, and `replyTo` of the branch is where answers go. */
export function createEmail(
  settings: MailSettings,
  deps: ChannelDeps & {
    readonly sentence: Sentence;
    /** What unsubscribe links are sealed with. */
    readonly secret: string;
  },
  times = TIMES,
): { readonly channel: Channel; readonly hook: Hook | null } {
  const { clock, newId, sentence } = deps;
  const { publicUrl } = settings;
  const from = parseMailbox(settings.from);
  const tokens = createUnsubscribeTokens(deps.secret);
  const heard = listener();
  const inFlight = new Set<Promise<SendResult>>();
  let transport: MailTransport | null = null;

  const connected = (): MailTransport => {
    transport ??= createMailTransport(settings.smtpUrl, times);
    return transport;
  };
  const link = createPlatformLink(
    'email',
    deps,
    async (): Promise<LinkCheck> => {
      const failure = await connected().check();
      if (failure === null) return { kind: 'fine' };
      if (failure.kind === 'unauthorized') return { kind: 'refused', detail: 'unauthorized' };
      return { kind: 'away', detail: failure.kind === 'away' ? failure.detail : 'unreachable' };
    },
    times.checkMs,
  );

  const resultOf = (failure: SmtpFailure): SendResult => {
    switch (failure.kind) {
      case 'refused':
        link.worked();
        return { kind: 'refused', reason: failure.reason, ...(failure.dead && { closes: true }) };
      case 'later':
        link.worked();
        if (!failure.all) return { kind: 'retry', afterMs: ONE_LATER_MS, reason: failure.reason, only: 'message' };
        link.limit(ALL_LATER_MS);
        return { kind: 'retry', afterMs: ALL_LATER_MS, reason: 'rateLimited' };
      case 'unauthorized':
        return link.failed({ kind: 'refused', detail: 'unauthorized' });
      case 'away':
        return link.failed({ kind: 'away', detail: failure.detail });
      case 'unknown':
        link.lost();
        return { kind: 'unknown', askAfterMs: ASK_AFTER_MS };
      default:
        return failure satisfies never;
    }
  };

  const post = async (message: OutgoingMessage): Promise<SendResult> => {
    const { kind, to, text } = message;
    if (!ADDRESS.test(to)) return NO_ADDRESS;
    const token = publicUrl === null || kind !== 'scenario' ? null : tokens.make({ address: to, locale: text.locale });
    const unsubscribeUrl = token === null ? null : `${publicUrl ?? ''}/hooks/email?u=${token}`;
    const mail = renderMail(message, { from, now: new Date(deps.wall.nowMs()), sentence, unsubscribeUrl });
    const failure = await connected().send(mail);
    if (failure !== null) return resultOf(failure);
    link.worked();
    return { kind: 'sent', providerId: mail.messageId };
  };

  return {
    channel: {
      name: 'email',
      can: { buttons: 0, list: 0, freeFormWindowHours: null, receipts: 'none' },
      async start(events) {
        heard.to(events);
        await link.start();
      },
      async stop() {
        link.stop();
        await Promise.allSettled(inFlight);
        transport?.close();
        transport = null;
      },
      async send(message) {
        const closed = link.closed();
        if (closed !== null) return closed;
        const posting = post(message);
        inFlight.add(posting);
        return posting.finally(() => inFlight.delete(posting));
      },
      find: async () => SILENT,
      health: () => link.health(),
    },
    hook: publicUrl === null ? null : createUnsubscribeHook({ tokens, events: heard.events, clock, newId, sentence }),
  };
}
