import { createHash } from 'node:crypto';

const LENGTH = 32;

/**
 * The name of a message of Meta's in our stores and logs. Its own id has the person's number in it, in base64, and is needed for
 * nothing but to be recognised (spec: reliability.md B6); 14 or more random characters in it keep the number from being guessed.
 */
export function messageKey(wamid: string): string {
  return createHash('sha256').update(wamid).digest('base64url').slice(0, LENGTH);
}
