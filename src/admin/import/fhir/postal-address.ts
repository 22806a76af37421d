import { isCountry } from '../../../core/phone.ts';
import { type Element, elements, oneLine, text, texts } from './element.ts';
import { isOver } from './period.ts';

/** Where somebody lives or a clinic is, as the contract has it. */
export interface PostalAddress {
  readonly address?: string;
  readonly town?: string;
}

const USES = ['home', undefined, 'temp', 'work'];

/** The address to use now out of several: home first; old and billing ones never. */
export function currentAddress(addresses: unknown, now: Date): Element | null {
  const holding = elements(addresses).filter(
    (each) => !isOver(each, now) && !['old', 'billing'].includes(String(each['use'])),
  );
  return holding.toSorted((a, b) => USES.indexOf(text(a['use'])) - USES.indexOf(text(b['use'])))[0] ?? null;
}

/** Street and postal code in one line (the server's own text where there is no street), and the town. */
export function postalAddress(address: Element | null): PostalAddress {
  if (address === null) return {};
  const parts = [...texts(address['line']), text(address['postalCode']) ?? ''].filter((part) => part !== '');
  const words = oneLine(texts(address['line']).length > 0 ? parts.join(', ') : address['text'], 500);
  const town = oneLine(address['city']);
  return { ...(words !== undefined && { address: words }), ...(town !== undefined && { town }) };
}

/** The country of an address as ISO 3166-1 alpha-2, where it is such a code or one's English name. */
export function countryOf(address: Element | null): string | undefined {
  const words = text(address?.['country']);
  if (words === undefined) return undefined;
  const code = words.toUpperCase();
  if (/^[A-Z]{2}$/.test(code)) return isCountry(code) ? code : undefined;
  return countryByName(words);
}

function countryByName(name: string): string | undefined {
  const names = new Intl.DisplayNames(['en'], { type: 'region' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters.flatMap((a) => letters.map((b) => `${a}${b}`)).filter(isCountry);
  return codes.find((code) => names.of(code)?.toLowerCase() === name.toLowerCase());
}
