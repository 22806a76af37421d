import { html } from 'htm/preact';
import { without } from './without.js';
import { t } from './words.js';

/** @typedef {import('./settings-fields.js').Field} Field */
/** @typedef {(value: any) => void} Change */

/**
 * One setting with its label, its hint and what is wrong with it.
 * @param {{ field: Field, value: any, flaw: string | undefined, branch: any, onChange: Change }} props
 */
export function SettingsField({ field, value, flaw, branch, onChange }) {
  const id = `setting-${field.name}`;
  const wrong = flaw === undefined ? {} : { 'aria-invalid': 'true', 'aria-describedby': `${id}-flaw` };
  return html`
    <div class="field" data-setting=${field.name}>
      ${control(field, value, { id, name: field.name, ...wrong }, branch, onChange)}
      ${flaw !== undefined && html`<p class="flaw" id="${id}-flaw">${flaw}</p>`}
    </div>
  `;
}

const typed = (/** @type {Change} */ onChange) => (/** @type {any} */ event) => onChange(event.currentTarget.value);

/** @param {Field} field @param {any} value @param {Record<string, string>} given @param {any} branch @param {Change} onChange */
function control(field, value, given, branch, onChange) {
  const { id } = given;
  const label = html`<label for=${id}>${t(field.label)}</label>`;
  switch (field.kind) {
    case 'number':
      return html`
        ${label}
        <input type="number" ...${given} min=${field.min} max=${field.max} step="1" required=${field.required} value=${value ?? ''} onInput=${typed((text) => onChange(text === '' ? undefined : Number(text)))} />
        <span class="hint">${t('console.settings.range', { min: field.min, max: field.max })}</span>
      `;
    case 'choice':
      return html`
        ${label}
        <select ...${given} value=${value} onChange=${typed(onChange)}>
          ${field.options.map((option) => html`<option key=${option.value} value=${option.value}>${t(option.label)}</option>`)}
        </select>
      `;
    case 'flag':
      return html`
        <label class="inline">
          <input type="checkbox" ...${given} checked=${value} onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.checked)} />
          ${t(field.label)}
        </label>
      `;
    case 'words':
      return html`
        ${label}
        <input type="text" ...${given} value=${value === field.blank ? '' : value} placeholder=${t(field.hint)} onInput=${typed((text) => onChange(text.trim() === '' ? field.blank : text))} />
      `;
    case 'paragraph':
      return html`${label}<textarea ...${given} rows="4" value=${value} onInput=${typed(onChange)}></textarea>`;
    case 'hours':
      return hours(field.label, value ?? { from: '', to: '' }, given, onChange);
    case 'sites':
      return sites(field.label, value ?? [], branch.reviewSites, onChange);
    default:
      return alertTo(field.label, value ?? {}, onChange);
  }
}

/** @param {string} label @param {{ from: string, to: string }} value @param {Record<string, string>} given @param {Change} onChange */
function hours(label, value, given, onChange) {
  return html`
    <fieldset>
      <legend>${t(label)}</legend>
      <label class="inline">${t('console.settings.from')} <input type="time" ...${given} required value=${value.from} onInput=${typed((from) => onChange({ ...value, from }))} /></label>
      <label class="inline">${t('console.settings.to')} <input type="time" required value=${value.to} onInput=${typed((to) => onChange({ ...value, to }))} /></label>
    </fieldset>
  `;
}

/** @param {string} label @param {string[]} value @param {{ site: string, url: string }[]} known @param {Change} onChange */
function sites(label, value, known, onChange) {
  const set = (/** @type {string} */ site, /** @type {boolean} */ on) =>
    onChange(on ? [...value, site] : value.filter((one) => one !== site));
  return html`
    <fieldset>
      <legend>${t(label)}</legend>
      ${known.length === 0 && html`<p class="hint">${t('console.settings.noSites')}</p>`}
      ${known.map(
        ({ site, url }) => html`
          <label class="inline" key=${site}>
            <input type="checkbox" name="sites" value=${site} checked=${value.includes(site)} onChange=${(/** @type {any} */ event) => set(site, event.currentTarget.checked)} />
            ${site} <span class="hint">${url}</span>
          </label>
        `,
      )}
    </fieldset>
  `;
}

/** @param {string} label @param {{ email?: string, telegram?: string }} value @param {Change} onChange */
function alertTo(label, value, onChange) {
  const set = (/** @type {'email' | 'telegram'} */ name, /** @type {string} */ text) => {
    onChange(text.trim() === '' ? without(value, name) : { ...value, [name]: text.trim() });
  };
  return html`
    <fieldset>
      <legend>${t(label)}</legend>
      <p class="hint">${t('console.settings.alertToHint')}</p>
      <label>${t('console.clinic.email')} <input type="email" value=${value.email ?? ''} onInput=${typed((text) => set('email', text))} /></label>
      <label>${t('console.clinic.telegram')} <input type="text" inputmode="numeric" value=${value.telegram ?? ''} onInput=${typed((text) => set('telegram', text))} /></label>
    </fieldset>
  `;
}
