import { html } from 'htm/preact';
import { useOnce } from './data.js';
import { dayAndTime } from './format.js';

/** A visit by its time and doctor. @param {{ id: string }} props */
export function VisitName({ id }) {
  const visit = useOnce(`/appointments/${encodeURIComponent(id)}`);
  const doctor = useOnce(visit ? `/doctors/${encodeURIComponent(visit.doctor)}` : null);
  if (!visit) return html`<span>${id}</span>`;
  return html`<span>${dayAndTime(visit.start)} · ${doctor?.name ?? visit.doctor}</span>`;
}
