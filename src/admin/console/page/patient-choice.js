import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useOnce } from './data.js';
import { fullName } from './patient-name.js';
import { t } from './words.js';

/** Finds a patient by name or by the clinic system's key. @param {{ value: string, onChoose: (id: string) => void }} props */
export function PatientChoice({ value, onChoose }) {
  const [text, setText] = useState(/** @type {string | null} */ (null));
  const patients = useOnce('/patients?limit=200')?.items ?? [];
  const known = patients.find((/** @type {any} */ patient) => patient.id === value);
  const label = (/** @type {any} */ patient) => `${fullName(patient)} · ${patient.id}`;
  const take = (/** @type {string} */ typed) => {
    const found = patients.find(
      (/** @type {any} */ patient) => label(patient) === typed || patient.id === typed.trim(),
    );
    setText(null);
    onChoose(found?.id ?? typed.trim());
  };
  return html`
    <label class="patient">
      ${t('console.log.patient')}
      <input
        type="search"
        name="patient"
        list="patients"
        autocomplete="off"
        placeholder=${t('console.log.patientHint')}
        value=${text ?? (known ? label(known) : value)}
        onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}
        onChange=${(/** @type {any} */ event) => take(event.currentTarget.value)}
      />
      <datalist id="patients">
        ${patients.map((/** @type {any} */ patient) => html`<option key=${patient.id} value=${label(patient)}></option>`)}
      </datalist>
    </label>
  `;
}
