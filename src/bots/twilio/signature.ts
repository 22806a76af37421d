import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { HookRequest } from '../../core/hook.ts';
import { TRY_AGAIN } from './status-callback.ts';

const SIGNATURE = /^[A-Za-z0-9+/]{27}=$/;

/** Base64 of HMAC-SHA1 over the address and, sorted by name, every name and value of the form (source: Twilio, Webhooks Security). */
export function twilioSignature(authToken: string, url: string, form: Iterable<readonly [string, string]>): string {
  const fields = [...form]
    .sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)))
    .filter(([name, value], place, all) => name !== all[place - 1]?.[0] || value !== all[place - 1]?.[1]);
  return createHmac('sha1', authToken)
    .update(`${url}${fields.flat().join('')}`)
    .digest('base64');
}

/** What may be a signature of Twilio's; null: the body need not be read. */
export function signatureIn(headers: HookRequest['headers']): string | null {
  const given = headers['x-twilio-signature'];
  return given !== undefined && SIGNATURE.test(given) ? given : null;
}

/**
 * Whether Twilio made this call to the public address of ours, whatever a proxy made of it. A JSON body is signed by its hash
 * in the address (`bodySHA256`), a form by its fields, new ones included.
 */
export function isSigned(
  { authToken, publicUrl }: { authToken: string; publicUrl: string },
  { url, query, headers }: Pick<HookRequest, 'url' | 'query' | 'headers'>,
  body: Uint8Array,
): boolean {
  const given = signatureIn(headers);
  if (given === null) return false;
  const bodyHash = query['bodySHA256'];
  if (bodyHash !== undefined && createHash('sha256').update(body).digest('hex') !== bodyHash) return false;
  const form = bodyHash === undefined ? [...new URLSearchParams(Buffer.from(body).toString('utf8'))] : [];
  return spellings(publicUrl, url).some((address) => {
    const expected = Buffer.from(twilioSignature(authToken, address, form));
    return timingSafeEqual(expected, Buffer.from(given));
  });
}

/** Twilio signs an address sometimes with, sometimes without its port; whether with what follows `#`, its documents do not say. */
function spellings(publicUrl: string, url: string): readonly string[] {
  const [, scheme = '', host = '', port, path = ''] = /^(https?):\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(publicUrl) ?? [];
  const otherPort = port === undefined ? `:${scheme === 'https' ? 443 : 80}` : '';
  const roots = host === '' ? [publicUrl] : [publicUrl, `${scheme}://${host}${otherPort}${path}`];
  return roots.flatMap((root) => [`${root}${url}`, `${root}${url}${TRY_AGAIN}`]);
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
