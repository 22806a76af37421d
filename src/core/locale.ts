/** Languages that patients are written to in; every locale folder has the same keys. */
export const LOCALES = ['ru', 'en', 'it'] as const;
export type Locale = (typeof LOCALES)[number];

/** Use at a border where a locale is a bare string, such as `it-IT` from a client. */
export function parseLocale(value: string): Locale | null {
  const language = value.toLowerCase().split(/[-_]/)[0];
  return LOCALES.find((locale) => locale === language) ?? null;
}
