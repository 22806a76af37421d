import { html } from 'htm/preact';
import { useAction } from './action.js';
import { call, withQuery } from './api.js';
import { useData, useOnce } from './data.js';
import { Empty } from './empty.js';
import { dayAndTime } from './format.js';
import { visitStatusName } from './names.js';
import { link } from './route.js';
import { t } from './words.js';

const STATUSES = ['unconfirmed', 'confirmed', 'started', 'completed', 'noShow', 'cancelled'];
const BODY = [
  ...[
    'patient',
    'branch',
    'doctor',
    'services',
    'start',
    'end',
    'status',
    'source',
    'partner',
    'bookedAt',
    'incognito',
  ],
  ...['phone', 'notes', 'group', 'recallAfter', 'discounts'],
];

/** A patient's visits, with the clinic's hand on their status: so that the demo can be played from both sides. @param {{ patient: string }} props */
export function VisitsView({ patient }) {
  const asked = useData(withQuery('/appointments', { patient, limit: 20 }));
  return html`
    <section class="visits" aria-labelledby="visits">
      <h2 id="visits">${t('console.visits.title')}</h2>
      <p class="hint">${t('console.visits.text')}</p>
      <${Empty} asked=${asked} empty=${t('console.visits.none')} />
      <ul>
        ${(asked.data?.items ?? []).map((/** @type {any} */ visit) => html`<${VisitRow} key=${visit.id} visit=${visit} />`)}
      </ul>
    </section>
  `;
}

/** @param {{ visit: any }} props */
function VisitRow({ visit }) {
  const doctor = useOnce(`/doctors/${encodeURIComponent(visit.doctor)}`);
  const [set] = useAction(async (/** @type {string} */ status) => {
    const path = `/appointments/${encodeURIComponent(visit.id)}`;
    const stored = await call('GET', path);
    const body = Object.fromEntries(Object.entries(stored).filter(([name]) => BODY.includes(name)));
    await call('PUT', path, { ...body, status });
    return t('console.visits.said', { status: visitStatusName(status) });
  });
  return html`
    <li>
      <span><strong>${dayAndTime(visit.start)}</strong> · ${doctor?.name ?? visit.doctor}</span>
      <label class="inline">
        <span class="unseen">${t('console.visits.status', { at: dayAndTime(visit.start) })}</span>
        <select value=${visit.status} onChange=${(/** @type {any} */ event) => set(event.currentTarget.value)}>
          ${STATUSES.map((status) => html`<option key=${status} value=${status}>${visitStatusName(status)}</option>`)}
        </select>
      </label>
      <a href=${link('messages', { tab: 'why', appointment: visit.id, patient: visit.patient })}>${t('console.log.why')}</a>
    </li>
  `;
}
