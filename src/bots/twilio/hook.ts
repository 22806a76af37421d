import type { Hook } from '../../core/hook.ts';
import { isSigned, signatureIn } from './signature.ts';

/** A call of Twilio whose signature was right. */
interface TwilioCall {
  /** The form, a name once. */
  readonly fields: Readonly<Record<string, string>>;
  /** The attempt that we named in the address of a status call. */
  readonly attemptId?: string;
}

/** Takes a call in when it is this channel's; resolves to false when it is not, and when what it says is durable otherwise. */
export type TakeTwilioCall = (call: TwilioCall) => Promise<boolean>;

/** An answer by which Twilio neither writes nor says anything itself. */
const NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>';
/** A form of Twilio's is a few KB; the fields of a forged one are sorted before the signature shows it. */
const MAX_BYTES = 65_536;
const ATTEMPT = /^[\w-]{1,40}$/;

/** `/hooks/twilio`: statuses of messages and calls, and what patients write (spec: api.md; reliability.md B5, 33 to 35). */
export function createTwilioHook(
  settings: { readonly authToken: string; readonly publicUrl: string },
  takers: readonly TakeTwilioCall[],
): Hook {
  return async (request) => {
    if (signatureIn(request.headers) === null) return { status: 401 };
    const body = await request.body(MAX_BYTES);
    if (!isSigned(settings, request, body)) return { status: 401 };
    if (request.query['bodySHA256'] === undefined) {
      const fields = Object.fromEntries(new URLSearchParams(Buffer.from(body).toString('utf8')));
      const attempt = request.query['attempt'];
      const call = { fields, ...(typeof attempt === 'string' && ATTEMPT.test(attempt) && { attemptId: attempt }) };
      for (const take of takers) if (await take(call)) break;
    }
    return { status: 200, body: NOTHING, type: 'text/xml' };
  };
}
