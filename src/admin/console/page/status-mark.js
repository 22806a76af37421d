import { html } from 'htm/preact';
import { Icon } from './icon.js';
import { statusName } from './names.js';

/** @type {Record<string, [string, string]>} */
const looks = {
  planned: ['clock', 'calm'],
  queued: ['clock', 'calm'],
  sending: ['arrow', 'calm'],
  sent: ['check', 'working'],
  delivered: ['checks', 'working'],
  read: ['checks', 'working'],
  failed: ['cross', 'notWorking'],
  skipped: ['dash', 'off'],
  cancelled: ['dash', 'off'],
  unknown: ['question', 'workingWithProblems'],
};

/** A message's status: a word with a shape of its own. @param {{ status: string }} props */
export function StatusMark({ status }) {
  const [icon, look] = looks[status] ?? ['question', ''];
  return html`<span class="mark ${look}"><${Icon} name=${icon} />${statusName(status)}</span>`;
}
