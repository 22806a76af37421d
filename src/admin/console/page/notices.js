import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from './api.js';
import { Icon } from './icon.js';
import { errorName } from './names.js';
import { t } from './words.js';

/** @typedef {{ id: number, tone: 'good' | 'bad', text: string }} Notice */

/** @type {Notice[]} */
let notices = [];
let lastId = 0;
let redraw = () => {};

/** Says that something was done; read out by screen readers, gone after a while. @param {string} text */
export function say(text) {
  add('good', text);
}

/** Says that something failed, in words; stays until it is closed. @param {unknown} error */
export function complain(error) {
  if (error instanceof ApiError && error.status === 401) return;
  add('bad', errorWords(error));
}

/** An error of the API in words: what its code means, and what the service named. @param {unknown} error */
export function errorWords(error) {
  if (!(error instanceof ApiError)) return String(error);
  const meaning = errorName(error.code || 'internal');
  const flaws = Array.isArray(error.details) ? error.details.map((flaw) => flaw.message) : [];
  if (flaws.length > 0) return `${meaning} ${flaws.join('; ')}`;
  return error.code === 'conflict' || error.status === 422 ? `${meaning} ${error.message}` : meaning;
}

/** @param {Notice['tone']} tone @param {string} text */
function add(tone, text) {
  lastId += 1;
  const notice = { id: lastId, tone, text };
  notices = [...notices.filter((one) => one.text !== text).slice(-2), notice];
  redraw();
  if (tone === 'good') setTimeout(() => drop(notice.id), 6000);
}

/** @param {number} id */
function drop(id) {
  notices = notices.filter((notice) => notice.id !== id);
  redraw();
}

/** The corner where notices appear; one a page. */
export function Notices() {
  const [, draw] = useState(0);
  useEffect(() => {
    redraw = () => draw((count) => count + 1);
    return () => {
      redraw = () => {};
    };
  }, []);
  const row = (/** @type {Notice} */ notice) => html`
    <p key=${notice.id} class="notice ${notice.tone}">
      <span>${notice.text}</span>
      <button type="button" class="quiet small" aria-label=${t('console.close')} onClick=${() => drop(notice.id)}><${Icon} name="cross" /></button>
    </p>
  `;
  return html`
    <div class="notices">
      <div role="status">${notices.filter(({ tone }) => tone === 'good').map(row)}</div>
      <div role="alert">${notices.filter(({ tone }) => tone === 'bad').map(row)}</div>
    </div>
  `;
}
