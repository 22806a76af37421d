import { html } from 'htm/preact';
import { useData } from './data.js';
import { money, number, percent } from './format.js';
import { outcomeName } from './names.js';
import { t } from './words.js';

/** How much of the branch's scenarios works and what came of them. @param {{ branch: import('./shapes.js').Branch }} props */
export function OverviewView({ branch }) {
  /** @type {{ data: import('./shapes.js').Overview | undefined }} */
  const { data } = useData(`/overview?branch=${encodeURIComponent(branch.id)}`);
  const spend = useData(`/spend?branch=${encodeURIComponent(branch.id)}`).data;
  const outcomes = Object.entries(data?.outcomes ?? {}).filter(([, outcome]) => outcome.count > 0);
  const blocks = data?.blocks;
  return html`
    <section class="overview" aria-label=${t('console.overview.label')}>
      <div class="figure wide">
        <span class="label">${t('console.overview.working')}</span>
        <strong class="state ${data?.state ?? ''}">${data === undefined ? '…' : stateWords(data.state)}</strong>
        <meter min="0" max="1" value=${data?.share ?? 0} aria-label=${t('console.overview.share')}></meter>
        <span class="label">
          ${data !== undefined && t('console.overview.of', { working: data.working, total: data.total, share: percent(data.share) })}
        </span>
      </div>
      <${Figure} label=${t('console.cards.warming')} value=${blocks && t('console.overview.part', blocks.warming)} />
      <${Figure} label=${t('console.cards.growth')} value=${blocks && t('console.overview.part', blocks.growth)} />
      <${Figure} label=${t('console.overview.spend')} value=${spend && money(spend.total, branch.currency)} />
      ${outcomes.map(
        ([name, outcome]) => html`
          <${Figure} key=${name} label=${outcomeName(name)} value=${number(outcome.count)} more=${
            outcome.revenue > 0
              ? t('console.overview.revenue', { amount: money(outcome.revenue, branch.currency) })
              : percent(outcome.share)
          } />
        `,
      )}
    </section>
  `;
}

/** @param {{ label: string, value: string | undefined, more?: string }} props */
function Figure({ label, value, more }) {
  return html`
    <div class="figure">
      <span class="label">${label}</span>
      <strong>${value ?? '…'}</strong>
      ${more && html`<span class="label">${more}</span>`}
    </div>
  `;
}

/** @param {string} state */
function stateWords(state) {
  if (state === 'working') return t('console.overview.stateWorking');
  return state === 'notWorking' ? t('console.overview.stateNotWorking') : t('console.overview.stateOff');
}
