import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { aboutScenario } from './about.js';
import { useAction } from './action.js';
import { ApiError, call } from './api.js';
import { Banner } from './banner.js';
import { cardPath } from './card-path.js';
import { money, number, percent } from './format.js';
import { outcomeName, scenarioName } from './names.js';
import { complain } from './notices.js';
import { link } from './route.js';
import { StateMark } from './state-mark.js';
import { Switch } from './switch.js';
import { t } from './words.js';

/**
 * One scenario: its switch, its state in words, what is wrong and what mends it, and its first figures.
 * @param {{ branch: import('./shapes.js').Branch, card: import('./shapes.js').Card, onMend: (problem: string, key: string) => void }} props
 */
export function CardView({ branch, card, onMend }) {
  const [refused, setRefused] = useState(/** @type {import('./shapes.js').Fix[] | null} */ (null));
  const name = scenarioName(card.key);
  const [toggle, busy] = useAction(
    async (/** @type {boolean} */ enabled) => {
      setRefused(null);
      await call('PATCH', cardPath(branch.id, card.key), { enabled });
      return enabled ? t('console.cards.wentOn', { name }) : t('console.cards.wentOff', { name });
    },
    (error) => {
      if (error instanceof ApiError && error.code === 'preconditions') setRefused(fixesOf(error.details));
      else complain(error);
    },
  );
  const outcome = Object.entries(card.outcomes).find(([, one]) => one.count > 0);
  const fixes = refused ?? card.fixes;
  return html`
    <article class="card" data-scenario=${card.key} aria-labelledby="card-${card.key}">
      <header>
        <h3 id="card-${card.key}"><a href=${link('scenarios', { card: card.key })}>${name}</a></h3>
        <${Switch} on=${card.enabled} busy=${busy} label=${t('console.cards.switch', { name })} onToggle=${toggle} />
      </header>
      <p class="about">${aboutScenario(card.key)}</p>
      <${StateMark} state=${card.state} />
      ${(refused !== null || (card.enabled && fixes.length > 0)) && html`<${Banner} refused=${refused !== null} fixes=${fixes} onMend=${(/** @type {string} */ problem) => onMend(problem, card.key)} />`}
      <dl class="facts">
        <div><dt>${t('console.cards.last7')}</dt><dd>${number(card.last7Days)}</dd></div>
        <div><dt>${t('console.cards.next7')}</dt><dd>${number(card.next7Days)}</dd></div>
        <div><dt>${t('console.cards.price')}</dt><dd>${card.price === 0 ? t('console.free') : money(card.price, branch.currency)}</dd></div>
        ${outcome && html`<div><dt>${outcomeName(outcome[0])}</dt><dd>${number(outcome[1].count)} (${percent(outcome[1].share)})</dd></div>`}
      </dl>
      <footer>
        <a href=${link('scenarios', { card: card.key })} aria-label=${t('console.cards.informationOf', { name })}>${t('console.cards.information')}</a>
        <a href=${link('scenarios', { card: card.key, tab: 'settings' })} aria-label=${t('console.cards.settingsOf', { name })}>${t('console.cards.settings')}</a>
      </footer>
    </article>
  `;
}

/** @param {any} details @returns {import('./shapes.js').Fix[]} */
function fixesOf(details) {
  if (Array.isArray(details?.fixes)) return details.fixes;
  return (details?.problems ?? []).map((/** @type {string} */ problem) => ({ problem, text: problem, path: '' }));
}
