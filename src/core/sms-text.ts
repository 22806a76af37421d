import { type RenderedText, withNumberedChoices } from './content.ts';
import { cutText } from './cut-text.ts';

/** Providers take no longer one (Twilio's limit of `Body`). */
const MAX_SMS = 1600;
/** Three letters of GSM-7, where one `…` would make an SMS of Latin letters cost twice as much. */
const CUT = '...';

/** The text of an SMS as it leaves, by which its segments and its price are counted: choices as numbered lines; where it is too long, the words before them are cut. */
export function smsText(text: RenderedText): string {
  const whole = withNumberedChoices(text);
  if (whole.length <= MAX_SMS) return whole;
  const room = text.text.length - (whole.length - MAX_SMS);
  if (room <= CUT.length) return cutText(whole, MAX_SMS, CUT);
  return withNumberedChoices({ ...text, text: cutText(text.text, room, CUT) });
}
