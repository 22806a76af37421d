import { html } from 'htm/preact';
import { withQuery } from './api.js';
import { ConversationView } from './conversation.js';
import { useData } from './data.js';
import { Empty } from './empty.js';
import { dayAndTime } from './format.js';
import { channelName, machineName } from './names.js';
import { PatientName } from './patient-name.js';
import { go, link } from './route.js';
import { Tasks } from './tasks.js';
import { t } from './words.js';

/** The staff inbox: dialogues that wait for a person, and what reception is to do. @param {{ route: import('./route.js').Route }} props */
export function Inbox({ route }) {
  const { status = 'handedOver', talk = '' } = route.params;
  const asked = useData(withQuery('/conversations', { status: status === 'any' ? undefined : status, limit: 100 }));
  const items = asked.data?.items ?? [];
  const choose = (/** @type {Record<string, string>} */ next) => go(link('inbox', { status, talk, ...next }), true);
  return html`
    <div class="title"><h1>${t('console.nav.inbox')}</h1></div>
    <${Tasks} />
    <section class="inbox" aria-labelledby="talks">
      <div class="title">
        <h2 id="talks">${t('console.inbox.talks')}</h2>
        <label class="inline">
          ${t('console.inbox.show')}
          <select name="status" value=${status} onChange=${(/** @type {any} */ event) => choose({ status: event.currentTarget.value, talk: '' })}>
            <option value="handedOver">${t('console.inbox.handedOver')}</option>
            <option value="open">${t('console.inbox.open')}</option>
            <option value="closed">${t('console.inbox.closed')}</option>
            <option value="any">${t('console.inbox.any')}</option>
          </select>
        </label>
      </div>
      <${Empty} asked=${asked} empty=${status === 'handedOver' ? t('console.inbox.none') : t('console.inbox.noneSuch')} />
      <div class="pane ${talk && 'chosen'}">
        <ul class="talks">
          ${items.map(
            (/** @type {import('./shapes.js').Conversation} */ one) => html`
              <li key=${one.id}>
                <button type="button" aria-pressed=${one.id === talk ? 'true' : 'false'} onClick=${() => choose({ talk: one.id })}>
                  <strong><${PatientName} id=${one.patient} /></strong>
                  <span class="hint">${machineName(one.machine)} · ${channelName(one.channel)} · ${dayAndTime(one.changedAt)}</span>
                </button>
              </li>
            `,
          )}
        </ul>
        ${talk !== '' && html`<${ConversationView} key=${talk} id=${talk} />`}
      </div>
    </section>
  `;
}
