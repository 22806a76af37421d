import { html } from 'htm/preact';
import { isDemo } from './session.js';
import { t } from './words.js';

/** The place in the page that mends a problem. @type {Record<string, string>} */
const mends = {
  noChannelConnected: 'console.mend.channels',
  noBalance: 'console.mend.topUp',
  noHead: 'console.mend.clinic',
  noReviewSites: 'console.mend.sites',
  noGeneralText: 'console.mend.settings',
  noBooking: 'console.mend.clinic',
  noOffer: 'console.mend.settings',
  templateDiffers: 'console.mend.settings',
};

/**
 * What keeps a scenario from working, in words, each with a button to where it is mended.
 * @param {{ refused: boolean, fixes: readonly import('./shapes.js').Fix[], onMend: (problem: string) => void }} props
 */
export function Banner({ refused, fixes, onMend }) {
  return html`
    <div class="banner" role=${refused ? 'alert' : 'note'}>
      ${refused && html`<p><strong>${t('console.cards.refused')}</strong></p>`}
      <ul>
        ${fixes.map(({ problem, text }) => {
          const mend = problem === 'noChannelConnected' && !isDemo ? undefined : mends[problem];
          return html`
            <li key=${problem} data-problem=${problem}>
              <span>${text}</span>
              ${mend !== undefined && html`<button type="button" class="small" onClick=${() => onMend(problem)}>${t(mend)}</button>`}
            </li>
          `;
        })}
      </ul>
    </div>
  `;
}
