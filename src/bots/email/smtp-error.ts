/** What an SMTP conversation that failed says of the mail. */
export type SmtpFailure =
  /** The server will not have it for this recipient; `dead`: there is no such mailbox. */
  | { readonly kind: 'refused'; readonly reason: string; readonly dead: boolean }
  /** Not now: this mail, or (421) any mail. */
  | { readonly kind: 'later'; readonly reason: string; readonly all: boolean }
  | { readonly kind: 'unauthorized' }
  /** No connection, or it broke before the mail left. */
  | { readonly kind: 'away'; readonly detail: string }
  /** The mail left and no answer came. */
  | { readonly kind: 'unknown' };

interface Told {
  /** Reply code of the server; 0 without one. */
  readonly status: number;
  /** Enhanced status such as `5.1.1` (RFC 3463); empty where the server gives none. */
  readonly enhanced: string;
  readonly code: string;
  readonly command: string;
}

/**
 * Told apart by reply codes, enhanced codes and the stage, never by words (spec: reliability.md B3). `left`: bytes of the mail
 * itself were read by the connection.
 */
export function readSmtpFailure(error: unknown, left: boolean): SmtpFailure {
  const { status, enhanced, code, command } = toldBy(error);
  const inSession = ['MAIL FROM', 'RCPT TO', 'DATA'].includes(command);
  if (status === 421) return { kind: 'later', reason: 'smtp.421', all: true };
  if (status === 530 || status === 535 || (command.startsWith('AUTH') && status >= 500))
    return { kind: 'unauthorized' };
  if (status >= 400 && status < 500)
    return inSession
      ? { kind: 'later', reason: `smtp.${status}`, all: false }
      : { kind: 'away', detail: `smtp.${status}` };
  if (status >= 500) return inSession ? refusal(status, enhanced, command) : { kind: 'away', detail: `smtp.${status}` };
  if (left) return { kind: 'unknown' };
  if (code === 'EAUTH' || code === 'ENOAUTH') return { kind: 'unauthorized' };
  if (code === 'EENVELOPE') return { kind: 'refused', reason: 'invalidAddress', dead: true };
  if (code === 'EMESSAGE') return { kind: 'refused', reason: 'tooLarge', dead: false };
  return { kind: 'away', detail: 'unreachable' };
}

/** 5.1.x speaks of the address; a bare 550, 551 or 553 to RCPT TO does too. Policy (5.7.x) and full boxes (5.2.x) may pass. */
function refusal(status: number, enhanced: string, command: string): SmtpFailure {
  if (command === 'MAIL FROM') return { kind: 'refused', reason: 'senderRefused', dead: false };
  if (command !== 'RCPT TO') return { kind: 'refused', reason: `smtp.${status}`, dead: false };
  const dead = enhanced === '' ? [550, 551, 553].includes(status) : /^5\.1\.\d+$/.test(enhanced);
  return { kind: 'refused', reason: dead ? 'noSuchMailbox' : `smtp.${status}`, dead };
}

function toldBy(error: unknown): Told {
  const fields: Partial<Record<string, unknown>> = typeof error === 'object' && error !== null ? { ...error } : {};
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const status = fields['responseCode'];
  return {
    status: typeof status === 'number' ? status : 0,
    enhanced: /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})(?:\s|$)/.exec(text('response'))?.[1] ?? '',
    code: text('code'),
    command: text('command'),
  };
}
