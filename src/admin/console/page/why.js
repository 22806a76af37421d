import { html } from 'htm/preact';
import { withQuery } from './api.js';
import { useData } from './data.js';
import { DecisionMark } from './decision-mark.js';
import { Empty } from './empty.js';
import { dayAndTime } from './format.js';
import { channelName, ruleName, scenarioName, triedName, visitStatusName } from './names.js';
import { PatientChoice } from './patient-choice.js';
import { PatientName } from './patient-name.js';
import { reasonName } from './reasons.js';
import { go, link } from './route.js';
import { VisitName } from './visit-name.js';
import { t } from './words.js';

/** Why a patient got a message, or did not: for the patient, or for one visit. @param {{ branch: any, params: Readonly<Record<string, string>> }} props */
export function WhyView({ params }) {
  const { patient = '', appointment = '' } = params;
  const visit = useData(appointment ? `/appointments/${encodeURIComponent(appointment)}` : null);
  const who = patient || visit.data?.patient || '';
  const visits = useData(who ? withQuery('/appointments', { patient: who, limit: 50 }) : null);
  const choose = (/** @type {Record<string, string>} */ next) => go(link('messages', { tab: 'why', ...next }), true);
  return html`
    <p class="hint">${t('console.why.text')}</p>
    <form class="filter" role="search" aria-label=${t('console.why.tab')} onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <${PatientChoice} value=${who} onChoose=${(/** @type {string} */ id) => choose({ patient: id })} />
      <label class="broad">
        ${t('console.why.visit')}
        <select name="appointment" value=${appointment} onChange=${(/** @type {any} */ event) => choose(event.currentTarget.value ? { appointment: event.currentTarget.value, patient: who } : { patient: who })}>
          <option value="">${t('console.why.wholePatient')}</option>
          ${(visits.data?.items ?? []).map((/** @type {any} */ one) => html`<option key=${one.id} value=${one.id}>${dayAndTime(one.start)} · ${visitStatusName(one.status)}</option>`)}
        </select>
      </label>
    </form>
    ${who !== '' && html`<${Decisions} key=${appointment || who} appointment=${appointment} patient=${who} />`}
  `;
}

/** @param {{ appointment: string, patient: string }} props */
function Decisions({ appointment, patient }) {
  const asked = useData(withQuery('/why', appointment ? { appointment } : { patient }));
  return html`
    <h2><${PatientName} id=${patient} /></h2>
    <${Empty} asked=${asked} empty=${t('console.why.none')} />
    <ul class="decisions why" aria-live="polite">
      ${(asked.data?.items ?? []).map((/** @type {import('./shapes.js').WhyRow} */ row, /** @type {number} */ at) => html`<${Decision} key=${at} row=${row} whole=${appointment === ''} />`)}
    </ul>
  `;
}

/** @param {{ row: import('./shapes.js').WhyRow, whole: boolean }} props `whole`: of all visits of the patient */
function Decision({ row, whole }) {
  return html`
    <li data-scenario=${row.scenario}>
      <div>
        <strong>${scenarioName(row.scenario)}</strong>
        ${whole && row.subject.appointment && html`<div class="hint"><${VisitName} id=${row.subject.appointment} /></div>`}
      </div>
      <${DecisionMark} decision=${row.decision} rule=${row.rule} />
      <span>${row.reason ? reasonName(row.reason) : ruleName(row.rule)}</span>
      <span class="hint">${row.decision === 'wait' ? t('console.why.until', { at: dayAndTime(row.at) }) : dayAndTime(row.at)}</span>
      ${
        row.channelsTried.length > 0 &&
        html`
          <span class="hint">
            ${row.channelsTried.map((one) => (one.used ? t('console.why.used', { channel: channelName(one.channel) }) : t('console.why.passed', { channel: channelName(one.channel), reason: triedName(one.reason) }))).join('; ')}
          </span>
        `
      }
    </li>
  `;
}
