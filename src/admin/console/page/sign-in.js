import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { LanguageChoice } from './language-choice.js';
import { isDemo } from './session.js';
import { t } from './words.js';

/** Asks for the token, once a tab. @param {{ onEnter: (token: string) => void, onSpeak: (locale: string) => void }} props */
export function SignIn({ onEnter, onSpeak }) {
  const [value, setValue] = useState(isDemo ? 'demo' : '');
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (value.trim() !== '') onEnter(value.trim());
  };
  return html`
    <main class="sign-in">
      <form onSubmit=${submit}>
        <h1><img src="/console/icon.svg" alt="" width="28" height="28" /> ${t('console.brand')}</h1>
        <p>${t('console.signIn.text')}</p>
        <label>
          ${t('console.signIn.token')}
          <input
            type="password"
            autocomplete="current-password"
            required
            autofocus
            value=${value}
            onInput=${(/** @type {any} */ event) => setValue(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="main">${t('console.signIn.enter')}</button>
        <${LanguageChoice} onSpeak=${onSpeak} />
      </form>
    </main>
  `;
}
