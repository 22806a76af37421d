import { html } from 'htm/preact';
import { t } from './words.js';

/** Turns the pages of a list by its cursors. @param {{ next: string | null | undefined, cursors: string[], onTurn: (cursors: string[]) => void }} props */
export function Pager({ next, cursors, onTurn }) {
  if (!next && cursors.length === 0) return null;
  return html`
    <nav class="pager" aria-label=${t('console.pager.label')}>
      <button type="button" disabled=${cursors.length === 0} onClick=${() => onTurn(cursors.slice(0, -1))}>${t('console.pager.back')}</button>
      <span>${t('console.pager.page', { number: cursors.length + 1 })}</span>
      <button type="button" disabled=${!next} onClick=${() => next && onTurn([...cursors, next])}>${t('console.pager.on')}</button>
    </nav>
  `;
}
