import type { InboundBody } from '../../core/inbound.ts';

/** What Twilio says of a message: what a patient wrote, or what became of one of ours. */
export type SmsCall =
  | { readonly kind: 'wrote'; readonly id: string; readonly from: string; readonly body: InboundBody }
  | { readonly kind: 'status'; readonly sid: string; readonly status: 'sent' | 'delivered' | 'read' }
  | { readonly kind: 'failed'; readonly sid: string; readonly reason: string; readonly closes: boolean }
  | { readonly kind: 'ignored'; readonly why: 'otherShape' | 'noNumber' | 'empty' | 'status' };

const NUMBER = /^\+\d{5,15}$/;
const SID = /^[A-Z]{2}[0-9a-f]{32}$/i;

/** Why a message that was taken did not arrive (source: Twilio, error and warning dictionary). */
const FAILURES: Readonly<Record<string, { readonly reason: string; readonly closes?: true }>> = {
  30001: { reason: 'queueOverflow' },
  30002: { reason: 'accountSuspended' },
  30003: { reason: 'unreachable' },
  30004: { reason: 'blocked' },
  30005: { reason: 'unknownNumber', closes: true },
  30006: { reason: 'notMobile', closes: true },
  30007: { reason: 'filtered' },
  30008: { reason: 'undelivered' },
  30032: { reason: 'senderNotAllowed' },
  30034: { reason: 'senderNotAllowed' },
  21610: { reason: 'stopped', closes: true },
  21614: { reason: 'notMobile', closes: true },
};

/** Total: a form of any shape becomes one of these. */
export function parseSmsCall(form: Readonly<Record<string, string>>): SmsCall {
  const sid = form['MessageSid'] ?? form['SmsSid'] ?? '';
  if (!SID.test(sid)) return { kind: 'ignored', why: 'otherShape' };
  const status = form['MessageStatus'];
  if (status !== undefined) return parseStatus(sid, status, form['ErrorCode']);
  const from = form['From'];
  if (from === undefined) return { kind: 'ignored', why: 'otherShape' };
  if (!NUMBER.test(from)) return { kind: 'ignored', why: 'noNumber' };
  const text = form['Body'] ?? '';
  if (text.trim() !== '') return { kind: 'wrote', id: sid, from, body: { kind: 'text', text } };
  if (!(Number(form['NumMedia']) > 0)) return { kind: 'ignored', why: 'empty' };
  return { kind: 'wrote', id: sid, from, body: { kind: 'media', media: mediaOf(form['MediaContentType0'] ?? '') } };
}

function parseStatus(sid: string, status: string, code: string | undefined): SmsCall {
  switch (status) {
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
    case 'sent':
      return { kind: 'status', sid, status: 'sent' };
    case 'delivered':
    case 'read':
      return { kind: 'status', sid, status };
    case 'undelivered':
    case 'failed':
    case 'canceled': {
      const known = code === undefined ? undefined : FAILURES[code];
      const other = code !== undefined && /^\d{5}$/.test(code) ? `code.${code}` : 'undelivered';
      return { kind: 'failed', sid, reason: known?.reason ?? other, closes: known?.closes ?? false };
    }
    default:
      return { kind: 'ignored', why: 'status' };
  }
}

function mediaOf(type: string): 'image' | 'voice' | 'other' {
  if (type.startsWith('image/')) return 'image';
  return type.startsWith('audio/') ? 'voice' : 'other';
}
