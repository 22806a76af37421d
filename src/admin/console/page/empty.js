import { html } from 'htm/preact';
import { errorWords } from './notices.js';
import { t } from './words.js';

/** @typedef {{ data: any, error: any }} Asked */

/**
 * What stands in place of a list that is loading, failed or empty; nothing where there is something to show.
 * @param {{ asked: Asked, empty: string, count?: number }} props
 */
export function Empty({ asked, empty, count }) {
  if (asked.error !== null && asked.data === undefined)
    return html`<p class="empty bad">${errorWords(asked.error)}</p>`;
  if (asked.data === undefined) return html`<p class="empty" aria-busy="true">${t('console.loading')}</p>`;
  const items = count ?? asked.data.items?.length ?? 1;
  return items === 0 ? html`<p class="empty">${empty}</p>` : null;
}
