import type { Locale } from '../../core/locale.ts';
import type { Element } from './fhir/element.ts';

const NEEDED = [
  { field: 'timezone', flag: '--branch-zone' },
  { field: 'country', flag: '--country' },
  { field: 'currency', flag: '--currency' },
] as const;

const BY_COUNTRY: Readonly<Record<string, Locale>> = {
  RU: 'ru',
  BY: 'ru',
  KZ: 'ru',
  KG: 'ru',
  IT: 'it',
  SM: 'it',
  VA: 'it',
};

/** The flags without which these branches cannot be stored. */
export function missingFlags(bodies: readonly Element[]): readonly string[] {
  return NEEDED.filter(({ field }) => bodies.some((body) => body[field] === undefined)).map(({ flag }) => flag);
}

/** A branch writes in its country's language unless it is told otherwise; in English where that is none of ours. */
export function withLocale(body: Element): Element {
  return { locale: BY_COUNTRY[String(body['country'])] ?? 'en', ...body };
}
