import type { SendResult } from '../../core/channel.ts';
import type { HttpOutcome } from '../http/platform-http.ts';

/** What became of a request to make a message or a call. */
export type TwilioAnswer =
  | { readonly kind: 'created'; readonly sid: string }
  | { readonly kind: 'refused'; readonly code: number }
  | { readonly kind: 'limited'; readonly afterMs: number }
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'notTaken'; readonly reason: string }
  | { readonly kind: 'unknown' };

const SID = /^[A-Z]{2}[0-9a-f]{32}$/i;
/** Too many requests at a time; rate of the account; queue of our number full. */
const LIMITS: readonly number[] = [20429, 14107, 21611];
/** Wrong credentials; account not active; no access; test credentials. */
const ACCOUNT: readonly number[] = [20003, 20005, 20006, 20008];
const LIMITED_MS = 5_000;
const LONGEST_LIMIT_MS = 3_600_000;

/** What a refusal's code means for this recipient; `closes`: the number takes nothing more until it writes. Source: Twilio's error dictionary. */
const REFUSALS: Readonly<Record<number, { readonly reason: string; readonly closes?: true }>> = {
  21211: { reason: 'invalidNumber', closes: true },
  21217: { reason: 'invalidNumber', closes: true },
  21614: { reason: 'notMobile', closes: true },
  21610: { reason: 'stopped', closes: true },
  21214: { reason: 'unreachable' },
  21612: { reason: 'unreachable' },
  21215: { reason: 'regionNotAllowed' },
  21216: { reason: 'regionNotAllowed' },
  21408: { reason: 'regionNotAllowed' },
  21219: { reason: 'notVerified' },
  21608: { reason: 'notVerified' },
  21212: { reason: 'senderNotAllowed' },
  21266: { reason: 'senderNotAllowed' },
  21267: { reason: 'senderNotAllowed' },
  21606: { reason: 'senderNotAllowed' },
  21659: { reason: 'senderNotAllowed' },
};

/**
 * Reads an answer to a POST (spec: reliability.md B3): a success without an id of Twilio's and every 5xx may have been taken; a
 * refusal without a code of Twilio's came from something in between, and nothing was taken.
 */
export function readAnswer(outcome: HttpOutcome): TwilioAnswer {
  if (outcome.kind === 'notSent') return { kind: 'notTaken', reason: 'unreachable' };
  if (outcome.kind === 'unknown') return { kind: 'unknown' };
  const { status } = outcome;
  const { sid, code } = fieldsOf(outcome.body);
  if (status >= 200 && status < 300)
    return typeof sid === 'string' && SID.test(sid) ? { kind: 'created', sid } : { kind: 'unknown' };
  if (status >= 500) return { kind: 'unknown' };
  if (status === 429 || (typeof code === 'number' && LIMITS.includes(code)))
    return { kind: 'limited', afterMs: pauseOf(outcome.headers['retry-after']) };
  if (status === 401 || (typeof code === 'number' && ACCOUNT.includes(code))) return { kind: 'unauthorized' };
  if (status >= 400 && typeof code === 'number') return { kind: 'refused', code };
  return { kind: 'notTaken', reason: `http.${status}` };
}

/** A refusal as delivery is told it. */
export function refusalOf(code: number): Extract<SendResult, { kind: 'refused' }> {
  const { reason, closes } = REFUSALS[code] ?? { reason: `code.${code}` };
  return { kind: 'refused', reason, ...(closes && { closes }) };
}

/** The object of an answer's body; empty for anything else. */
export function fieldsOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Seconds of a Retry-After, at most an hour; five where it says nothing. */
function pauseOf(header: string | undefined): number {
  const seconds = Number(header);
  return header !== undefined && seconds > 0 ? Math.min(seconds * 1000, LONGEST_LIMIT_MS) : LIMITED_MS;
}
