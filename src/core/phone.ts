import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** A number that exists in its country's plan. `mobile` is true where the plan cannot tell mobile from fixed (as in the US). */
export interface Phone {
  /** E.164 with `+`. */
  readonly e164: string;
  readonly mobile: boolean;
  /** ISO 3166-1 alpha-2; null for numbers of no country. */
  readonly country: string | null;
}

/** Reads a number as people write it; numbers without `+` are read by each country in turn. Null when none fits. */
export function parsePhone(value: string, countries: readonly string[] = []): Phone | null {
  for (const country of [undefined, ...countries]) {
    const known = country !== undefined && isSupportedCountry(country) ? country : undefined;
    if (country !== undefined && known === undefined) continue;
    const parsed = parsePhoneNumberFromString(
      value,
      known === undefined ? { extract: false } : { defaultCountry: known, extract: false },
    );
    if (parsed?.isValid() !== true) continue;
    const type = parsed.getType();
    return {
      e164: parsed.number,
      mobile: type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE',
      country: parsed.country ?? null,
    };
  }
  return null;
}

/** True for ISO 3166-1 alpha-2 codes that have a numbering plan. */
export function isCountry(value: string): boolean {
  return isSupportedCountry(value);
}
