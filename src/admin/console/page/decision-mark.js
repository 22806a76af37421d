import { html } from 'htm/preact';
import { Icon } from './icon.js';
import { channelName, decisionName } from './names.js';

/** @type {Record<string, [string, string]>} */
const looks = { send: ['check', 'working'], wait: ['clock', 'calm'], skip: ['dash', 'off'] };

/** Send, wait or skip: a word with a shape of its own. @param {{ decision: string, channel?: string | null }} props */
export function DecisionMark({ decision, channel }) {
  const [icon, look] = looks[decision] ?? ['question', ''];
  return html`<span class="mark ${look}"><${Icon} name=${icon} />${decisionName(decision)}${channel && ` · ${channelName(channel)}`}</span>`;
}
