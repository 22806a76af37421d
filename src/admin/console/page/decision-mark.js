import { html } from 'htm/preact';
import { Icon } from './icon.js';
import { channelName, decisionName, statusName } from './names.js';

/** @type {Record<string, [string, string]>} */
const looks = { send: ['check', 'working'], wait: ['clock', 'calm'], skip: ['dash', 'off'] };

/**
 * Send, wait or skip, or what became of it: a word with a shape of its own.
 * @param {{ decision: string, rule?: string, channel?: string | null }} props
 */
export function DecisionMark({ decision, rule, channel }) {
  const [icon, look] = rule === 'refused' ? ['cross', 'notWorking'] : (looks[decision] ?? ['question', '']);
  const name =
    rule === 'sent' ? statusName('sent') : rule === 'refused' ? statusName('failed') : decisionName(decision);
  return html`<span class="mark ${look}"><${Icon} name=${icon} />${name}${channel && ` · ${channelName(channel)}`}</span>`;
}
