import { type RenderedText, withNumberedChoices } from './content.ts';
import { cutText } from './cut-text.ts';
import { isGsm7 } from './sms-segments.ts';

/** Providers take no longer one (Twilio's limit of `Body`). */
const MAX_SMS = 1600;
const CUT = '...';
/** Signs of fine typesetting and those of GSM-7 that say the same. */
const PLAIN: Readonly<Record<string, string>> = {
  '–': '-',
  '—': '-',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '…': CUT,
  '\u00a0': ' ',
  '\u202f': ' ',
};
const FINE = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');

/**
 * The text of an SMS as it leaves, by which its segments and its price are counted: choices as numbered lines; where it is too
 * long, the words before them are cut. Where nothing but dashes and quotation marks keeps it from GSM-7, these are the plain
 * ones, for it would cost twice to three times as much.
 */
export function smsText(text: RenderedText): string {
  const fine = withinLength(text);
  const plain = fine.replace(FINE, (sign) => PLAIN[sign] ?? sign);
  return isGsm7(plain) ? cutText(plain, MAX_SMS) : fine;
}

function withinLength(text: RenderedText): string {
  const whole = withNumberedChoices(text);
  if (whole.length <= MAX_SMS) return whole;
  const room = text.text.length - (whole.length - MAX_SMS);
  if (room <= CUT.length) return cutText(whole, MAX_SMS, CUT);
  return withNumberedChoices({ ...text, text: cutText(text.text, room, CUT) });
}
