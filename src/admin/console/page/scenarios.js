import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { BranchForm } from './branch-form.js';
import { CardView } from './card.js';
import { CardPanel } from './card-panel.js';
import { cardPath } from './card-path.js';
import { useData } from './data.js';
import { Empty } from './empty.js';
import { OverviewView } from './overview.js';
import { go, link } from './route.js';
import { TopUp } from './top-up.js';
import { t } from './words.js';

/** The ten scenarios of a branch as cards, in their two blocks. @param {{ branch: import('./shapes.js').Branch, route: import('./route.js').Route }} props */
export function Scenarios({ branch, route }) {
  const asked = useData(`/branches/${encodeURIComponent(branch.id)}/scenarios`);
  const birthday = useData(cardPath(branch.id, 'birthday'));
  const [mending, setMending] = useState('');
  /** @type {import('./shapes.js').Card[]} */
  const cards = [...(asked.data?.items ?? []), ...(birthday.data ? [birthday.data] : [])];
  const open = cards.find((card) => card.key === route.params['card']);
  const mend = (/** @type {string} */ problem, /** @type {string} */ key) => {
    if (problem === 'noBalance') setMending('money');
    else if (problem === 'noHead' || problem === 'noBooking') setMending('clinic');
    else if (problem === 'noReviewSites' && branch.reviewSites.length === 0) setMending('clinic');
    else if (problem === 'noChannelConnected') go(link('simulator'));
    else go(link('scenarios', { card: key, tab: 'settings' }));
  };
  const block = (/** @type {'warming' | 'growth'} */ name) =>
    cards
      .filter((card) => card.block === name)
      .map((card) => html`<${CardView} key=${card.key} branch=${branch} card=${card} onMend=${mend} />`);
  return html`
    <div class="title">
      <h1>${t('console.nav.scenarios')}</h1>
      <button type="button" onClick=${() => setMending('clinic')}>${t('console.clinic.open')}</button>
    </div>
    <${OverviewView} branch=${branch} />
    <${Empty} asked=${asked} empty=${t('console.cards.none')} />
    ${
      cards.length > 0 &&
      html`
        <section aria-labelledby="warming">
          <h2 id="warming">${t('console.cards.warming')}</h2>
          <p class="hint">${t('console.cards.warmingText')}</p>
          <div class="cards">${block('warming')}</div>
        </section>
        <section aria-labelledby="growth">
          <h2 id="growth">${t('console.cards.growth')}</h2>
          <p class="hint">${t('console.cards.growthText')}</p>
          <div class="cards">${block('growth')}</div>
        </section>
      `
    }
    ${open !== undefined && html`<${CardPanel} key=${open.key} branch=${branch} card=${open} tab=${route.params['tab'] ?? 'information'} />`}
    ${mending === 'money' && html`<${TopUp} branch=${branch} onClose=${() => setMending('')} />`}
    ${mending === 'clinic' && html`<${BranchForm} branch=${branch} onClose=${() => setMending('')} />`}
  `;
}
