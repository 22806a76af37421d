import { html } from 'htm/preact';
import { Pager } from './pager.js';

/**
 * Turns the pages of a list of the API by its cursors.
 * @param {{ next: string | null | undefined, cursors: string[], onTurn: (cursors: string[]) => void }} props
 */
export function CursorPager({ next, cursors, onTurn }) {
  const turn = (/** @type {number} */ page) =>
    onTurn(page < cursors.length ? cursors.slice(0, page) : next ? [...cursors, next] : cursors);
  return html`<${Pager} page=${cursors.length} last=${!next} onTurn=${turn} />`;
}
