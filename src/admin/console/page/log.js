import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { withQuery } from './api.js';
import { endOfDay, startOfDay } from './branch-day.js';
import { useData } from './data.js';
import { Empty } from './empty.js';
import { LogFilter } from './log-filter.js';
import { LogRow } from './log-row.js';
import { Pager } from './pager.js';
import { PreviewView } from './preview.js';
import { go, link } from './route.js';
import { Tabs } from './tabs.js';
import { WhyView } from './why.js';
import { without } from './without.js';
import { t } from './words.js';

/** Messages: what went out or did not, what is to come, and why. @param {{ branch: import('./shapes.js').Branch, route: import('./route.js').Route }} props */
export function Log({ branch, route }) {
  const tab = ['preview', 'why'].find((one) => one === route.params['tab']) ?? 'log';
  const tabs = [
    { id: 'log', name: t('console.log.tab') },
    { id: 'preview', name: t('console.preview.tab') },
    { id: 'why', name: t('console.why.tab') },
  ];
  return html`
    <div class="title"><h1>${t('console.nav.messages')}</h1></div>
    <${Tabs} label=${t('console.nav.messages')} tabs=${tabs} chosen=${tab} onChoose=${(/** @type {string} */ id) => go(link('messages', { tab: id }), true)} />
    <div role="tabpanel" id="panel-${tab}" aria-labelledby="tab-${tab}" tabindex="0">
      ${tab === 'log' && html`<${Rows} branch=${branch} params=${route.params} />`}
      ${tab === 'preview' && html`<${PreviewView} branch=${branch} />`}
      ${tab === 'why' && html`<${WhyView} branch=${branch} params=${route.params} />`}
    </div>
  `;
}

/** @param {{ branch: import('./shapes.js').Branch, params: Readonly<Record<string, string>> }} props */
function Rows({ branch, params }) {
  const [cursors, setCursors] = useState(/** @type {string[]} */ ([]));
  const filter = without(params, 'tab');
  const from = filter['from'] && startOfDay(filter['from'], branch.timezone);
  const to = filter['to'] && endOfDay(filter['to'], branch.timezone);
  const query = { branch: branch.id, limit: 50, ...filter, from, to, cursor: cursors.at(-1) };
  const asked = useData(withQuery('/messages', query));
  const change = (/** @type {Record<string, string>} */ next) => {
    setCursors([]);
    go(link('messages', { ...filter, ...next }), true);
  };
  return html`
    <${LogFilter} filter=${filter} onChange=${change} />
    <${Empty} asked=${asked} empty=${t('console.log.none')} />
    ${
      asked.data?.items.length > 0 &&
      html`
        <div class="table-wrap">
          <table class="log">
            <caption class="unseen">${t('console.log.caption')}</caption>
            <thead>
              <tr>
                <th scope="col">${t('console.log.at')}</th>
                <th scope="col">${t('console.log.scenario')}</th>
                <th scope="col">${t('console.log.patient')}</th>
                <th scope="col">${t('console.log.channel')}</th>
                <th scope="col">${t('console.log.status')}</th>
                <th scope="col" class="right">${t('console.log.price')}</th>
                <th scope="col"><span class="unseen">${t('console.log.more')}</span></th>
              </tr>
            </thead>
            <tbody>
              ${asked.data.items.map((/** @type {any} */ message) => html`<${LogRow} key=${message.id} message=${message} />`)}
            </tbody>
          </table>
        </div>
      `
    }
    <${Pager} next=${asked.data?.next} cursors=${cursors} onTurn=${setCursors} />
  `;
}
