import type { Locale } from '../../core/locale.ts';

/** Minor units as people write an amount of that currency, such as `1 234,50 ₽`. */
export function amountWords(minor: number, currency: string, locale: Locale): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
