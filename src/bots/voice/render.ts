import type { RenderedText } from '../../core/content.ts';
import { cutText } from '../../core/cut-text.ts';
import type { Locale } from '../../core/locale.ts';

const LANGUAGES: Readonly<Record<Locale, string>> = { ru: 'ru-RU', en: 'en-US', it: 'it-IT' };
/** Twilio's limit of the parameter `Twiml`. */
const MAX_TWIML = 4000;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
/** Control characters, and two more that XML 1.0 has no place for. */
const ODD = /[\p{Cc}\uFFFE\uFFFF]/gu;

/** A call that says the text twice, for the beginning is often missed; choices are not read out, for nobody listens to the answer. */
export function renderCall({ text, locale }: Pick<RenderedText, 'text' | 'locale'>): string {
  const wrap = (said: string): string =>
    `<Response><Say language="${LANGUAGES[locale]}" loop="2">${escapeXml(said)}</Say></Response>`;
  const plain = text.replace(ODD, ' ');
  for (let most = MAX_TWIML; ; most -= 100) {
    const twiml = wrap(cutText(plain, most));
    if (twiml.length <= MAX_TWIML) return twiml;
  }
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');
}
