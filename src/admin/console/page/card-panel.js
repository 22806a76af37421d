import { html } from 'htm/preact';
import { CardInformation } from './card-information.js';
import { CardSettings } from './card-settings.js';
import { Dialog } from './dialog.js';
import { scenarioName } from './names.js';
import { go, link } from './route.js';
import { StateMark } from './state-mark.js';
import { Tabs } from './tabs.js';
import { t } from './words.js';

/** A card opened: Information and Settings. @param {{ branch: import('./shapes.js').Branch, card: import('./shapes.js').Card, tab: string }} props */
export function CardPanel({ branch, card, tab }) {
  const chosen = tab === 'settings' ? 'settings' : 'information';
  const tabs = [
    { id: 'information', name: t('console.cards.information') },
    { id: 'settings', name: t('console.cards.settings') },
  ];
  const where = card.key === 'birthday' ? t('console.cards.wholeClinic') : branch.name;
  return html`
    <${Dialog} wide title=${scenarioName(card.key)} onClose=${() => go(link('scenarios'))}>
      <p class="hint">${where}</p>
      <${StateMark} state=${card.state} />
      <${Tabs}
        label=${scenarioName(card.key)}
        tabs=${tabs}
        chosen=${chosen}
        onChoose=${(/** @type {string} */ id) => go(link('scenarios', { card: card.key, tab: id }), true)}
      />
      <div role="tabpanel" id="panel-${chosen}" aria-labelledby="tab-${chosen}" tabindex="0">
        ${chosen === 'settings' ? html`<${CardSettings} branch=${branch} card=${card} />` : html`<${CardInformation} branch=${branch} card=${card} />`}
      </div>
    <//>
  `;
}
