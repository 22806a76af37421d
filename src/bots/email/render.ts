import type { SendMailOptions } from 'nodemailer';
import type { OutgoingMessage } from '../../core/channel.ts';
import { type Sentence, withNumberedChoices } from '../../core/content.ts';
import { domainOf, type Mailbox, oneLine } from './address.ts';
import { visitCalendar } from './calendar.ts';
import { escapeHtml, htmlOf, htmlPage } from './html.ts';
import { subjectOf } from './subject.ts';

/** What a mail is made with beside the message. */
export interface MailFrame {
  readonly from: Mailbox;
  readonly now: Date;
  readonly sentence: Sentence;
  /** The address that takes this recipient off; null: there is only the clinic's mailbox to write to. */
  readonly unsubscribeUrl: string | null;
}

/**
 * A mail with its text twice, plain and as escaped HTML without any picture; the visit as a calendar file. Its Message-ID is
 * the message's, not the attempt's: a repeat after an unknown outcome can be told from a second mail (spec: reliability.md B3).
 */
export function renderMail(
  message: OutgoingMessage,
  { from, now, sentence, unsubscribeUrl }: MailFrame,
): SendMailOptions & { readonly messageId: string } {
  const { text, kind, sender, visit, to, thread } = message;
  const domain = domainOf(from);
  const subject = oneLine(subjectOf(message, sentence));
  // What staff may tap stands elsewhere; a number written back to this mail would reach nobody.
  const words = kind === 'scenario' || kind === 'reply' ? withNumberedChoices(text) : text.text;
  const stop = sentence('bots.email.stop', text.locale);
  const root = thread === undefined ? undefined : `<thread.${idPart(thread)}@zabota.${domain}>`;
  const replyTo = sender.replyTo === undefined ? undefined : oneLine(sender.replyTo);
  const mailto = `<mailto:${encodeURIComponent(replyTo ?? from.address)}?subject=stop>`;
  return {
    messageId: `<${idPart(message.messageId)}@zabota.${domain}>`,
    ...(root !== undefined && { inReplyTo: root, references: [root] }),
    date: now,
    from: { name: oneLine(sender.emailName ?? from.name), address: from.address },
    to: { name: '', address: to },
    envelope: { from: from.address, to: [to] },
    ...(replyTo !== undefined && { replyTo: { name: '', address: replyTo } }),
    subject,
    text: unsubscribeUrl === null ? words : `${words}\n\n-- \n${stop}: ${unsubscribeUrl}`,
    html: htmlPage({
      locale: text.locale,
      title: subject,
      body:
        unsubscribeUrl === null
          ? htmlOf(words)
          : `${htmlOf(words)}\n<p><small><a href="${escapeHtml(unsubscribeUrl)}">${escapeHtml(stop)}</a></small></p>`,
    }),
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(kind === 'scenario' && {
        'List-Unsubscribe': unsubscribeUrl === null ? mailto : `<${unsubscribeUrl}>, ${mailto}`,
        ...(unsubscribeUrl !== null && { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
      }),
    },
    ...(visit !== undefined && {
      icalEvent: {
        method: 'PUBLISH',
        filename: 'visit.ics',
        content: visitCalendar(visit, {
          now,
          title: `${sentence('bots.email.calendar', text.locale)} – ${visit.branch}`,
          from,
        }),
      },
    }),
    xMailer: false,
  };
}

/** Ids of ours as a part of a Message-ID. */
function idPart(id: string): string {
  return id.replace(/[^\w.-]/g, '-');
}
