import { html } from 'htm/preact';
import { currentLocale, LANGUAGES, t } from './words.js';

/** The language of the page; remembered. @param {{ onSpeak: (locale: string) => void }} props */
export function LanguageChoice({ onSpeak }) {
  return html`
    <label class="language">
      <span class="unseen">${t('console.language')}</span>
      <select name="language" value=${currentLocale()} onChange=${(/** @type {any} */ event) => onSpeak(event.currentTarget.value)}>
        ${LANGUAGES.map(({ locale, name }) => html`<option key=${locale} value=${locale} lang=${locale}>${name}</option>`)}
      </select>
    </label>
  `;
}
