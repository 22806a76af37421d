import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useAction } from './action.js';
import { call, withQuery } from './api.js';
import { CursorPager } from './cursor-pager.js';
import { useData, useOnce } from './data.js';
import { Empty } from './empty.js';
import { dayAndTime, number } from './format.js';
import { Icon } from './icon.js';
import { PatientName } from './patient-name.js';
import { t } from './words.js';

const SCORES = ['1', '2', '3', '4', '5'];

/** What patients answered: the averages by doctor, service, month or branch, and each answer. @param {{ branch: import('./shapes.js').Branch }} props */
export function Surveys({ branch }) {
  const [groupBy, setGroupBy] = useState('doctor');
  const [cursors, setCursors] = useState(/** @type {string[]} */ ([]));
  const summary = useData(
    withQuery('/surveys/summary', { groupBy, ...(groupBy !== 'branch' && { branch: branch.id }) }),
  );
  const asked = useData(withQuery('/surveys', { branch: branch.id, limit: 50, cursor: cursors.at(-1) }));
  return html`
    <div class="title"><h1>${t('console.nav.surveys')}</h1></div>
    <section aria-labelledby="averages">
      <div class="title">
        <h2 id="averages">${t('console.surveys.averages')}</h2>
        <label class="inline">
          ${t('console.surveys.by')}
          <select value=${groupBy} onChange=${(/** @type {any} */ event) => setGroupBy(event.currentTarget.value)}>
            <option value="doctor">${t('console.surveys.byDoctor')}</option>
            <option value="service">${t('console.surveys.byService')}</option>
            <option value="month">${t('console.surveys.byMonth')}</option>
            <option value="branch">${t('console.surveys.byBranch')}</option>
          </select>
        </label>
      </div>
      <${Empty} asked=${summary} empty=${t('console.surveys.none')} count=${summary.data?.groups.length} />
      ${summary.data?.groups.length > 0 && html`<${Summary} groups=${summary.data.groups} by=${groupBy} />`}
    </section>
    <section aria-labelledby="answers">
      <h2 id="answers">${t('console.surveys.answers')}</h2>
      <${Empty} asked=${asked} empty=${t('console.surveys.noAnswers')} />
      <ul class="answers">
        ${(asked.data?.items ?? []).map((/** @type {import('./shapes.js').Survey} */ survey) => html`<${Answer} key=${survey.id} survey=${survey} />`)}
      </ul>
      <${CursorPager} next=${asked.data?.next} cursors=${cursors} onTurn=${setCursors} />
    </section>
  `;
}

/** @param {{ groups: import('./shapes.js').SurveyGroup[], by: string }} props */
function Summary({ groups, by }) {
  return html`
    <div class="table-wrap" tabindex="0" role="group" aria-labelledby="averages">
      <table>
        <thead>
          <tr>
            <th scope="col">${t('console.surveys.group')}</th>
            <th scope="col" class="right">${t('console.surveys.average')}</th>
            <th scope="col" class="right">${t('console.surveys.count')}</th>
            ${SCORES.map((score) => html`<th key=${score} scope="col" class="right">${t('console.surveys.score', { score })}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${groups.map(
            (group) => html`
              <tr key=${group.key}>
                <th scope="row"><${GroupName} by=${by} id=${group.key} /></th>
                <td class="right"><strong>${number(group.average)}</strong></td>
                <td class="right">${number(group.answers)}</td>
                ${SCORES.map((score) => html`<td key=${score} class="right">${number(group.scores[score] ?? 0)}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

/** @type {Record<string, string>} */
const documents = { doctor: '/doctors', service: '/services', branch: '/branches' };

/** @param {{ by: string, id: string }} props */
function GroupName({ by, id }) {
  const folder = documents[by];
  const found = useOnce(folder === undefined ? null : `${folder}/${encodeURIComponent(id)}`);
  return html`<span>${found?.name ?? id}</span>`;
}

/** @param {{ survey: import('./shapes.js').Survey }} props */
function Answer({ survey }) {
  const [take, busy] = useAction(async () => {
    await call('POST', `/surveys/${encodeURIComponent(survey.id)}/taken-care-of`);
    return t('console.surveys.taken');
  });
  const low = survey.score <= 3;
  return html`
    <li class=${low ? 'low' : ''}>
      <p class="score"><strong>${survey.score}</strong> <span class="label">${t('console.surveys.ofFive')}</span></p>
      <div>
        <p><strong><${PatientName} id=${survey.patient} /></strong> · <${GroupName} by="doctor" id=${survey.doctor} /> · <span class="hint">${dayAndTime(survey.answeredAt)}</span></p>
        ${survey.comment ? html`<blockquote class="bubble">${survey.comment}</blockquote>` : html`<p class="hint">${t('console.surveys.noComment')}</p>`}
        ${survey.contactRequested && html`<p class="mark workingWithProblems"><${Icon} name="alert" />${t('console.surveys.contact')}</p>`}
        ${
          survey.takenCareOf
            ? html`<p class="mark working"><${Icon} name="check" />${t('console.surveys.takenBy', { by: survey.takenCareOf.by, at: dayAndTime(survey.takenCareOf.at) })}</p>`
            : (low || survey.contactRequested) &&
              html`<button type="button" class="small" aria-busy=${busy ? 'true' : 'false'} onClick=${() => take()}>${t('console.surveys.take')}</button>`
        }
      </div>
    </li>
  `;
}
