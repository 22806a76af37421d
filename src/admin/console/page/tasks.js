import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useAction } from './action.js';
import { call } from './api.js';
import { useData } from './data.js';
import { Empty } from './empty.js';
import { dayAndTime } from './format.js';
import { PatientName } from './patient-name.js';
import { t } from './words.js';

/** What reception is to do; a done one is kept and can be shown. */
export function Tasks() {
  const asked = useData('/tasks?limit=200');
  const [withDone, setWithDone] = useState(false);
  const [mark] = useAction(async (/** @type {string} */ id, /** @type {boolean} */ done) => {
    await call('PATCH', `/tasks/${encodeURIComponent(id)}`, { done });
  });
  /** @type {import('./shapes.js').Task[]} */
  const items = (asked.data?.items ?? []).filter((/** @type {any} */ task) => withDone || !task.done);
  return html`
    <section class="tasks" aria-labelledby="tasks">
      <div class="title">
        <h2 id="tasks">${t('console.tasks.title')}</h2>
        <label class="inline">
          <input type="checkbox" checked=${withDone} onChange=${(/** @type {any} */ event) => setWithDone(event.currentTarget.checked)} />
          ${t('console.tasks.withDone')}
        </label>
      </div>
      <${Empty} asked=${asked} empty=${t('console.tasks.none')} count=${asked.data ? items.length : undefined} />
      <ul class="todo">
        ${items.map(
          (task) => html`
            <li key=${task.id} class=${task.done ? 'done' : ''}>
              <label class="inline">
                <input type="checkbox" checked=${task.done} onChange=${(/** @type {any} */ event) => mark(task.id, event.currentTarget.checked)} />
                <span>${task.text}</span>
              </label>
              <span class="hint">${task.patient && html`<${PatientName} id=${task.patient} /> · `}${dayAndTime(task.createdAt)}</span>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}
