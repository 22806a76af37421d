import { html } from 'htm/preact';
import { t } from './words.js';

/** Turns the pages of a list. @param {{ page: number, last: boolean, onTurn: (page: number) => void }} props `page` counts from 0 */
export function Pager({ page, last, onTurn }) {
  if (page === 0 && last) return null;
  return html`
    <nav class="pager" aria-label=${t('console.pager.label')}>
      <button type="button" disabled=${page === 0} onClick=${() => onTurn(page - 1)}>${t('console.pager.back')}</button>
      <span>${t('console.pager.page', { number: page + 1 })}</span>
      <button type="button" disabled=${last} onClick=${() => onTurn(page + 1)}>${t('console.pager.on')}</button>
    </nav>
  `;
}
