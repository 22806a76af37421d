import { html } from 'htm/preact';
import { useOnce } from './data.js';
import { t } from './words.js';

/** A patient by name; by key while the name is not known. @param {{ id: string | null | undefined }} props */
export function PatientName({ id }) {
  const patient = useOnce(id ? `/patients/${encodeURIComponent(id)}` : null);
  if (!id) return html`<span>${t('console.nobody')}</span>`;
  return html`<span data-patient=${id}>${patient ? fullName(patient) : id}</span>`;
}

/** @param {{ lastName?: string, firstName?: string, id: string }} patient */
export function fullName(patient) {
  return [patient.lastName, patient.firstName].filter(Boolean).join(' ') || patient.id;
}
