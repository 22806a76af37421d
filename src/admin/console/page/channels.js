import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useAction } from './action.js';
import { call } from './api.js';
import { useData } from './data.js';
import { Dialog } from './dialog.js';
import { Empty } from './empty.js';
import { dayAndTime } from './format.js';
import { Icon } from './icon.js';
import { channelDetail, channelName, channelStateName } from './names.js';
import { t } from './words.js';

/** @type {Record<string, [string, string]>} */
const looks = {
  up: ['check', 'working'],
  down: ['cross', 'notWorking'],
  connecting: ['clock', 'calm'],
  limited: ['clock', 'calm'],
  off: ['dash', 'off'],
};

/** How each way to patients is, since when and why, and what staff can do with it. */
export function Channels() {
  const asked = useData('/channels');
  /** @type {import('./shapes.js').ChannelRow[]} */
  const items = asked.data?.items ?? [];
  return html`
    <div class="title"><h1 id="channels">${t('console.nav.channels')}</h1></div>
    <p class="hint">${t('console.channels.about')}</p>
    <${Empty} asked=${asked} empty=${t('console.loading')} count=${asked.data ? items.length : undefined} />
    ${
      items.length > 0 &&
      html`
        <div class="table-wrap" tabindex="0" role="group" aria-labelledby="channels">
          <table>
            <thead>
              <tr>
                <th scope="col">${t('console.channels.channel')}</th>
                <th scope="col">${t('console.channels.state')}</th>
                <th scope="col">${t('console.channels.since')}</th>
                <th scope="col">${t('console.channels.actions')}</th>
              </tr>
            </thead>
            <tbody>
              ${items.map((row) => html`<${Row} key=${row.channel} row=${row} />`)}
            </tbody>
          </table>
        </div>
      `
    }
  `;
}

/** @param {{ row: import('./shapes.js').ChannelRow }} props */
function Row({ row: { channel, state, since, detail = '' } }) {
  const [asking, setAsking] = useState(false);
  const [act, busy] = useAction(async (/** @type {'connect' | 'disconnect'} */ step) => {
    await call('POST', `/channels/${channel}/${step}`);
    return t(step === 'connect' ? 'console.channels.connecting' : 'console.channels.disconnected');
  });
  const name = channelName(channel);
  const [icon, look] = looks[state] ?? ['question', ''];
  const byHand = state === 'off' && detail === 'disconnected';
  const isSetUp = state !== 'off' || byHand;
  const step = state === 'up' || state === 'limited' ? 'disconnect' : 'connect';
  const stepWords = t(step === 'disconnect' ? 'console.channels.disconnect' : 'console.channels.connect');
  return html`
    <tr>
      <th scope="row">${name}</th>
      <td>
        <span class="mark ${look}"><${Icon} name=${icon} />${byHand ? t('console.channels.byHand') : channelStateName(state)}</span>
        ${detail !== '' && !byHand && html`<p class="hint">${channelDetail(detail)}</p>`}
      </td>
      <td>${isSetUp ? dayAndTime(since) : ''}</td>
      <td>
        ${
          isSetUp
            ? html`
                <button type="button" class="small" disabled=${busy} aria-label=${`${name}: ${stepWords}`} onClick=${() => act(step)}>
                  ${stepWords}
                </button>${' '}
                ${
                  state !== 'up' &&
                  html`
                    <button type="button" class="small" aria-label=${`${name}: ${t('console.channels.purge')}`} onClick=${() => setAsking(true)}>
                      ${t('console.channels.purge')}
                    </button>
                  `
                }
              `
            : html`<span class="hint">${t('console.channels.notSetUp')}</span>`
        }
        ${asking && html`<${Purge} channel=${channel} onClose=${() => setAsking(false)} />`}
      </td>
    </tr>
  `;
}

/** Asked first: what is taken out of the queue never goes out. @param {{ channel: string, onClose: () => void }} props */
function Purge({ channel, onClose }) {
  const [purge, busy] = useAction(async () => {
    const { purged } = await call('POST', `/channels/${channel}/purge-queue`);
    onClose();
    return t('console.channels.purged', { count: purged });
  });
  return html`
    <${Dialog} title=${t('console.channels.purge')} onClose=${onClose}>
      <p>${t('console.channels.purgeAsk', { channel: channelName(channel) })}</p>
      <div class="buttons">
        <button type="button" class="main" disabled=${busy} onClick=${() => purge()}>${t('console.channels.purgeYes')}</button>
        <button type="button" onClick=${onClose}>${t('console.cancel')}</button>
      </div>
    <//>
  `;
}
