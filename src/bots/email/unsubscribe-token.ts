import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { LOCALES, type Locale } from '../../core/locale.ts';

/** Whom a link unsubscribes, and in which language its page is. */
interface Unsubscriber {
  readonly address: string;
  readonly locale: Locale;
}

/** Makes and reads what stands in the link of a mail: the address sealed, so that no server log and no browser history shows it. */
export interface UnsubscribeTokens {
  make(who: Unsubscriber): string;
  /** Null for whatever we did not make. */
  read(token: string): Unsubscriber | null;
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const TOKEN = /^[\w-]{40,600}$/;

/** The same address has the same token for as long as the secret stays: the nonce is made from what is sealed. */
export function createUnsubscribeTokens(secret: string): UnsubscribeTokens {
  const key = createHmac('sha256', secret).update('zabota e-mail unsubscribe').digest();
  return {
    make({ address, locale }) {
      const plain = `${locale} ${address}`;
      const iv = createHmac('sha256', key).update(plain).digest().subarray(0, IV_BYTES);
      const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
      const sealed = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return sealed.toString('base64url');
    },
    read(token) {
      if (!TOKEN.test(token)) return null;
      const sealed = Buffer.from(token, 'base64url');
      try {
        const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
        decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
        const words = sealed.subarray(IV_BYTES, -TAG_BYTES);
        const plain = Buffer.concat([decipher.update(words), decipher.final()]).toString('utf8');
        const locale = LOCALES.find((one) => plain.startsWith(`${one} `));
        return locale === undefined ? null : { locale, address: plain.slice(locale.length + 1) };
      } catch {
        return null;
      }
    },
  };
}
