import { html } from 'htm/preact';
import { CHANNELS, channelName, KINDS, kindName, SCENARIOS, STATUSES, scenarioName, statusName } from './names.js';
import { PatientChoice } from './patient-choice.js';
import { t } from './words.js';

/** What of the log is shown. @param {{ filter: Readonly<Record<string, string>>, onChange: (change: Record<string, string>) => void }} props */
export function LogFilter({ filter, onChange }) {
  const choice = (
    /** @type {string} */ name,
    /** @type {string} */ label,
    /** @type {string[]} */ codes,
    /** @type {(code: string) => string} */ nameOf,
    /** @type {string} */ all,
  ) => html`
    <label>
      ${label}
      <select name=${name} value=${filter[name] ?? ''} onChange=${(/** @type {any} */ event) => onChange({ [name]: event.currentTarget.value })}>
        <option value="">${all}</option>
        ${codes.map((code) => html`<option key=${code} value=${code}>${nameOf(code)}</option>`)}
      </select>
    </label>
  `;
  const dayField = (/** @type {string} */ name, /** @type {string} */ label) => html`
    <label>
      ${label}
      <input type="date" name=${name} value=${filter[name]?.slice(0, 10) ?? ''} onChange=${(/** @type {any} */ event) => onChange({ [name]: event.currentTarget.value })} />
    </label>
  `;
  return html`
    <form class="filter" role="search" aria-label=${t('console.log.filter')} onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      ${choice('kind', t('console.log.kind'), KINDS.slice(1), kindName, t('console.kind.scenario'))}
      ${choice('scenario', t('console.log.scenario'), SCENARIOS, scenarioName, t('console.log.all'))}
      ${choice('status', t('console.log.status'), STATUSES, statusName, t('console.log.all'))}
      ${choice('channel', t('console.log.channel'), CHANNELS, channelName, t('console.log.all'))}
      <${PatientChoice} value=${filter['patient'] ?? ''} onChoose=${(/** @type {string} */ patient) => onChange({ patient })} />
      ${dayField('from', t('console.log.from'))} ${dayField('to', t('console.log.to'))}
    </form>
  `;
}
