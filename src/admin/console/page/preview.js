import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { withQuery } from './api.js';
import { CursorPager } from './cursor-pager.js';
import { useData } from './data.js';
import { DecisionMark } from './decision-mark.js';
import { Empty } from './empty.js';
import { dayAndTime } from './format.js';
import { scenarioName } from './names.js';
import { PatientName } from './patient-name.js';
import { reasonName } from './reasons.js';
import { t } from './words.js';

const SPANS = [1, 3, 7, 14];

/** Who would get what in the coming days, and who would not and why; nothing is sent by it. @param {{ branch: import('./shapes.js').Branch }} props */
export function PreviewView({ branch }) {
  const [days, setDays] = useState(3);
  const [cursors, setCursors] = useState(/** @type {string[]} */ ([]));
  const asked = useData(withQuery('/preview', { branch: branch.id, days, limit: 50, cursor: cursors.at(-1) }));
  return html`
    <p class="hint">${t('console.preview.text')}</p>
    <form class="filter" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <label class="broad">
        ${t('console.preview.days')}
        <select
          value=${days}
          onChange=${(/** @type {any} */ event) => {
            setCursors([]);
            setDays(Number(event.currentTarget.value));
          }}
        >
          ${SPANS.map((count) => html`<option key=${count} value=${count}>${t('console.preview.span', { count })}</option>`)}
        </select>
      </label>
    </form>
    <${Empty} asked=${asked} empty=${t('console.preview.none')} />
    <ul class="decisions preview">
      ${(asked.data?.items ?? []).map((/** @type {import('./shapes.js').PreviewRow} */ row, /** @type {number} */ at) => html`<${Row} key=${at} row=${row} />`)}
    </ul>
    <${CursorPager} next=${asked.data?.next} cursors=${cursors} onTurn=${setCursors} />
  `;
}

/** @param {{ row: import('./shapes.js').PreviewRow }} props */
function Row({ row }) {
  return html`
    <li>
      <span class="when">${dayAndTime(row.at)}</span>
      <strong>${scenarioName(row.scenario)}</strong>
      <${PatientName} id=${row.patient} />
      <${DecisionMark} decision=${row.decision} channel=${row.channel} />
      ${row.reason && html`<span class="hint">${reasonName(row.reason)}</span>`}
      ${row.text && html`<details><summary>${t('console.log.text')}</summary><blockquote class="bubble bot">${row.text}</blockquote></details>`}
    </li>
  `;
}
