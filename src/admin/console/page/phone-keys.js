import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useOnce } from './data.js';
import { Icon } from './icon.js';
import { t } from './words.js';

/**
 * The lower end of a phone: text, and what is not text (voice, picture, sticker, on Telegram the own phone number).
 * @param {{ channel: string, patient: string | null, busy: boolean, quoted: import('./shapes.js').ChatLine | null, onUnquote: () => void, onSend: (body: Record<string, unknown>) => void }} props
 */
export function PhoneKeys({ channel, patient, busy, quoted, onUnquote, onSend }) {
  const [text, setText] = useState('');
  const [phone, setPhone] = useState(/** @type {string | null} */ (null));
  const known = useOnce(patient && channel === 'telegram' ? `/patients/${encodeURIComponent(patient)}` : null);
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (text.trim() === '') return;
    onSend(quoted ? { text, quote: quoted.id } : { text });
    setText('');
  };
  const share = (/** @type {Event} */ event) => {
    event.preventDefault();
    onSend({ contact: { phone: (phone ?? '').trim() } });
    setPhone(null);
  };
  const media = (/** @type {string} */ kind, /** @type {string} */ name) =>
    html`<button type="button" class="small quiet" onClick=${() => onSend({ media: kind })}>${name}</button>`;
  return html`
    <div class="keys">
      ${
        quoted &&
        html`
          <p class="quoted">
            <span>${t('console.phone.answering', { text: quoted.text })}</span>
            <button type="button" class="small quiet" aria-label=${t('console.phone.unquote')} onClick=${onUnquote}><${Icon} name="cross" /></button>
          </p>
        `
      }
      <form onSubmit=${send}>
        <label class="unseen" for="phone-text">${t('console.phone.text')}</label>
        <input id="phone-text" name="text" autocomplete="off" placeholder=${t('console.phone.text')} value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />
        <button type="submit" class="main" aria-busy=${busy ? 'true' : 'false'}>${t('console.phone.send')}</button>
      </form>
      ${
        phone !== null &&
        html`
          <form onSubmit=${share}>
            <label class="unseen" for="phone-contact">${t('console.phone.number')}</label>
            <input id="phone-contact" type="tel" required placeholder="+39…" value=${phone} onInput=${(/** @type {any} */ event) => setPhone(event.currentTarget.value)} />
            <button type="submit">${t('console.phone.shareNow')}</button>
          </form>
        `
      }
      <div class="extras">
        ${media('voice', t('console.phone.voice'))} ${media('image', t('console.phone.image'))} ${media('sticker', t('console.phone.sticker'))}
        ${
          channel === 'telegram' &&
          html`<button type="button" class="small quiet" aria-expanded=${phone === null ? 'false' : 'true'} onClick=${() => setPhone(phone === null ? (known?.phones?.[0] ?? '') : null)}>${t('console.phone.share')}</button>`
        }
      </div>
    </div>
  `;
}
