import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useData } from './data.js';
import { money } from './format.js';
import { KillSwitch } from './kill-switch.js';
import { LanguageChoice } from './language-choice.js';
import { link } from './route.js';
import { isDemo } from './session.js';
import { TopUp } from './top-up.js';
import { t } from './words.js';

/**
 * Always in sight: the branch, what money is left, the kill switch, the language, and the ways into the page.
 * @param {{ branches: any[], branch: any, route: import('./route.js').Route, onPick: (id: string) => void, onSpeak: (locale: string) => void }} props
 */
export function Header({ branches, branch, route, onPick, onSpeak }) {
  return html`
    <header class="top">
      <div class="bar">
        <a class="brand" href=${link('scenarios')}><img src="/console/icon.svg" alt="" width="26" height="26" />${t('console.brand')}</a>
        ${
          branch !== undefined &&
          html`
            <label class="branch">
              <span class="unseen">${t('console.branch')}</span>
              <select name="branch" value=${branch.id} onChange=${(/** @type {any} */ event) => onPick(event.currentTarget.value)}>
                ${branches.map((one) => html`<option key=${one.id} value=${one.id}>${one.name}</option>`)}
              </select>
            </label>
          `
        }
        <${LanguageChoice} onSpeak=${onSpeak} />
      </div>
      <div class="purse">
        ${branch !== undefined && html`<${Money} key=${branch.id} branch=${branch} />`}
        <${KillSwitch} />
      </div>
      <nav aria-label=${t('console.nav.label')}>
        <${Way} view="scenarios" name=${t('console.nav.scenarios')} route=${route} />
        <${Way} view="messages" name=${t('console.nav.messages')} route=${route} />
        <${Way} view="spend" name=${t('console.nav.spend')} route=${route} />
        <${Way} view="surveys" name=${t('console.nav.surveys')} route=${route} />
        <${InboxWay} route=${route} />
        <${Way} view="channels" name=${t('console.nav.channels')} route=${route} />
        ${isDemo && html`<${Way} view="simulator" name=${t('console.nav.simulator')} route=${route} />`}
      </nav>
    </header>
  `;
}

/** @param {{ view: string, name: string, count?: number, route: import('./route.js').Route }} props */
function Way({ view, name, count = 0, route }) {
  return html`
    <a href=${link(view)} aria-current=${route.view === view ? 'page' : undefined}>
      ${name}${count > 0 && html`<span class="count" aria-label=${t('console.nav.waiting', { count })}>${count}</span>`}
    </a>
  `;
}

/** @param {{ route: import('./route.js').Route }} props */
function InboxWay({ route }) {
  const talks = useData('/conversations?status=handedOver').data?.items ?? [];
  const tasks = useData('/tasks').data?.items ?? [];
  const count = talks.length + tasks.filter((/** @type {any} */ task) => !task.done).length;
  return html`<${Way} view="inbox" name=${t('console.nav.inbox')} count=${count} route=${route} />`;
}

/** @param {{ branch: any }} props */
function Money({ branch }) {
  const [adding, setAdding] = useState(false);
  const { data } = useData(`/branches/${encodeURIComponent(branch.id)}/balance`);
  return html`
    <div class="money">
      <span>
        <span class="label">${t('console.balance.left')}</span>
        <strong class="balance">${data === undefined ? '…' : money(data.balance, data.currency)}</strong>
        ${data?.reserved > 0 && html`<span class="label">${t('console.balance.reserved', { amount: money(data.reserved, data.currency) })}</span>`}
      </span>
      <button type="button" class="small" onClick=${() => setAdding(true)}>${t('console.balance.topUp')}</button>
      ${adding && html`<${TopUp} branch=${branch} onClose=${() => setAdding(false)} />`}
    </div>
  `;
}
