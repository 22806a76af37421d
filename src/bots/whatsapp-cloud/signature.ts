import { createHmac, timingSafeEqual } from 'node:crypto';

const SIGNATURE = /^sha256=[0-9a-f]{64}$/;

/** Whether the header may be one of Meta's at all; else the body need not be read. */
export function isSignature(header: string | undefined): boolean {
  return header !== undefined && SIGNATURE.test(header);
}

/** Whether Meta signed these very bytes: `X-Hub-Signature-256` is `sha256=` and the HMAC in lower-case hex (spec: reliability.md B5, 30). */
export function isSigned(body: Uint8Array, header: string | undefined, appSecret: string): boolean {
  if (header === undefined || !isSignature(header)) return false;
  const expected = `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
  const [given, wanted] = [Buffer.from(header), Buffer.from(expected)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Compares two words in a time that tells nothing of where they differ. */
export function isSameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', wanted).update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
