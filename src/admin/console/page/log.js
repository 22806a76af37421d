import { html } from 'htm/preact';
import { LogTable } from './log-table.js';
import { PreviewView } from './preview.js';
import { go, link } from './route.js';
import { Tabs } from './tabs.js';
import { WhyView } from './why.js';
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
      ${tab === 'log' && html`<${LogTable} branch=${branch} params=${route.params} />`}
      ${tab === 'preview' && html`<${PreviewView} branch=${branch} />`}
      ${tab === 'why' && html`<${WhyView} branch=${branch} params=${route.params} />`}
    </div>
  `;
}
