/** What Twilio says of a call of ours. */
export type VoiceCall =
  | { readonly kind: 'answered'; readonly sid: string }
  | { readonly kind: 'failed'; readonly sid: string; readonly reason: 'noAnswer' | 'busy' | 'callFailed' }
  | { readonly kind: 'ignored' };

const SID = /^[A-Z]{2}[0-9a-f]{32}$/i;

/** Total. A call counts as heard when somebody, or something, took it and it ended well. */
export function parseVoiceCall(form: Readonly<Record<string, string>>): VoiceCall {
  const sid = form['CallSid'] ?? '';
  if (!SID.test(sid)) return { kind: 'ignored' };
  switch (form['CallStatus']) {
    case 'completed':
      return { kind: 'answered', sid };
    case 'no-answer':
      return { kind: 'failed', sid, reason: 'noAnswer' };
    case 'busy':
      return { kind: 'failed', sid, reason: 'busy' };
    case 'failed':
    case 'canceled':
      return { kind: 'failed', sid, reason: 'callFailed' };
    case undefined:
    default:
      return { kind: 'ignored' };
  }
}
