import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useAction } from './action.js';
import { ApiError, call } from './api.js';
import { cardPath } from './card-path.js';
import { CHANNELS, channelName, scenarioName } from './names.js';
import { complain } from './notices.js';
import { SettingsField } from './settings-field.js';
import { SETTINGS_FIELDS } from './settings-fields.js';
import { without } from './without.js';
import { LANGUAGES, t } from './words.js';

/** The settings of a scenario; only what was changed is sent. @param {{ branch: import('./shapes.js').Branch, card: import('./shapes.js').Card }} props */
export function CardSettings({ branch, card }) {
  const [draft, setDraft] = useState(/** @type {Record<string, any>} */ ({}));
  const [flaws, setFlaws] = useState(/** @type {{ path: string, message: string }[]} */ ([]));
  const path = cardPath(branch.id, card.key);
  const value = (/** @type {string} */ name) => (name in draft ? draft[name] : card.settings[name]);
  const set = (/** @type {string} */ name, /** @type {any} */ next) => setDraft((last) => ({ ...last, [name]: next }));
  const texts = { .../** @type {Record<string, string>} */ (card.settings['texts'] ?? {}), ...draft['texts'] };
  const [save, busy] = useAction(
    async () => {
      setFlaws([]);
      await call('PATCH', path, { settings: draft });
      setDraft({});
      return t('console.settings.saved', { name: scenarioName(card.key) });
    },
    (error) => {
      if (error instanceof ApiError && Array.isArray(error.details)) setFlaws(error.details);
      complain(error);
    },
  );
  const [reset] = useAction(async () => {
    await call('POST', `${path}/reset-text`);
    setDraft((last) => without(last, 'texts'));
    return t('console.settings.textReset');
  });
  const flawOf = (/** @type {string} */ name) => flaws.find((flaw) => flaw.path.split('.').includes(name))?.message;
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void save();
  };
  return html`
    <form class="settings" onSubmit=${submit}>
      ${(SETTINGS_FIELDS[card.key] ?? []).map(
        (field) => html`
          <${SettingsField} key=${field.name} field=${field} branch=${branch} value=${value(field.name)} flaw=${flawOf(field.name)} onChange=${(/** @type {any} */ next) => set(field.name, next)} />
        `,
      )}
      <${ChannelsField} value=${value('channels') ?? Object.keys(card.prices)} onChange=${(/** @type {any} */ next) => set('channels', next)} />
      <fieldset>
        <legend>${t('console.settings.texts')}</legend>
        <p class="hint">${t('console.settings.textsHint', { example: '{{patient.firstName}}' })}</p>
        ${LANGUAGES.map(({ locale, name }) => {
          const flaw = flawOf(locale);
          const wrong = flaw === undefined ? {} : { 'aria-invalid': 'true', 'aria-describedby': `text-${locale}-flaw` };
          return html`
            <label key=${locale}>
              ${name}
              <textarea
                rows="3"
                name="text-${locale}"
                lang=${locale}
                placeholder=${t('console.settings.defaultText')}
                ...${wrong}
                value=${texts[locale] ?? ''}
                onInput=${(/** @type {any} */ event) => set('texts', { ...draft['texts'], [locale]: event.currentTarget.value.trim() === '' ? null : event.currentTarget.value })}
              ></textarea>
            </label>
            ${flaw !== undefined && html`<p class="flaw" id="text-${locale}-flaw">${flaw}</p>`}
          `;
        })}
        <button type="button" class="small" onClick=${() => reset()}>${t('console.settings.resetText')}</button>
      </fieldset>
      <div class="buttons sticky">
        <button type="submit" class="main" aria-busy=${busy ? 'true' : 'false'} disabled=${Object.keys(draft).length === 0}>${t('console.settings.save')}</button>
        <button type="button" disabled=${Object.keys(draft).length === 0} onClick=${() => setDraft({})}>${t('console.settings.undo')}</button>
      </div>
    </form>
  `;
}

/** @param {{ value: string[], onChange: (value: string[]) => void }} props */
function ChannelsField({ value: chosen, onChange }) {
  return html`
    <fieldset>
      <legend>${t('console.settings.channels')}</legend>
      <p class="hint">${t('console.settings.channelsHint')}</p>
      <div class="choices">
        ${CHANNELS.filter((channel) => channel !== 'voice').map(
          (channel) => html`
            <label class="inline" key=${channel}>
              <input
                type="checkbox"
                name="channels"
                value=${channel}
                checked=${chosen.includes(channel)}
                onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.checked ? [...chosen, channel] : chosen.filter((one) => one !== channel))}
              />
              ${channelName(channel)}
            </label>
          `,
        )}
      </div>
    </fieldset>
  `;
}
