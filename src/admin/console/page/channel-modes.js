import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useAction } from './action.js';
import { call } from './api.js';
import { useData } from './data.js';
import { Empty } from './empty.js';
import { channelName, channelStateName } from './names.js';
import { t } from './words.js';

/** The faults that a simulated channel can have. */
const MODES = [
  { mode: 'up', name: 'console.mode.up' },
  { mode: 'down', name: 'console.mode.down' },
  { mode: 'limited', name: 'console.mode.limited' },
  { mode: 'failing', name: 'console.mode.failing' },
  { mode: 'silent', name: 'console.mode.silent' },
];
const SIMULATED = ['whatsapp', 'telegram', 'sms', 'email'];

/** Lets the channels of the demo break, to see what the scenarios do then. */
export function ChannelModes() {
  const asked = useData('/channels');
  /** @type {import('./shapes.js').ChannelRow[]} */
  const rows = (asked.data?.items ?? []).filter((/** @type {any} */ row) => SIMULATED.includes(row.channel));
  return html`
    <section class="modes" aria-labelledby="modes">
      <h2 id="modes">${t('console.mode.title')}</h2>
      <p class="hint">${t('console.mode.text')}</p>
      <${Empty} asked=${asked} empty=${t('console.mode.none')} count=${asked.data ? rows.length : undefined} />
      ${rows.map((row) => html`<${Mode} key=${row.channel} row=${row} />`)}
    </section>
  `;
}

/** @param {{ row: import('./shapes.js').ChannelRow }} props */
function Mode({ row }) {
  const [wanted, setWanted] = useState(/** @type {string | null} */ (null));
  const [set] = useAction(async (/** @type {string} */ mode) => {
    setWanted(mode);
    await call('POST', `/demo/channels/${row.channel}`, { mode });
    const name = MODES.find((one) => one.mode === mode)?.name ?? '';
    return t('console.mode.said', { channel: channelName(row.channel), mode: t(name) });
  });
  return html`
    <div class="mode">
      <label>
        ${channelName(row.channel)}
        <select name=${`mode-${row.channel}`} value=${wanted ?? modeOf(row)} onChange=${(/** @type {any} */ event) => set(event.currentTarget.value)}>
          ${MODES.map(({ mode, name }) => html`<option key=${mode} value=${mode}>${t(name)}</option>`)}
        </select>
      </label>
      <span class="hint">${channelStateName(row.state)}</span>
    </div>
  `;
}

/** What the channel tells of its mode: the mode itself where it names it, else what its state lets one guess. @param {import('./shapes.js').ChannelRow} row */
function modeOf(row) {
  if (MODES.some(({ mode }) => mode === row.detail)) return row.detail;
  return row.state === 'down' || row.state === 'limited' ? row.state : 'up';
}
