import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { channelName } from './names.js';
import { go, link } from './route.js';
import { t } from './words.js';

const SIMULATED = ['whatsapp', 'telegram', 'sms', 'email'];

/** Opens the phone of an address that nobody has written to yet. @param {{ onClose: () => void }} props */
export function NewChat({ onClose }) {
  const [channel, setChannel] = useState('whatsapp');
  const [address, setAddress] = useState('');
  const hint = channel === 'telegram' ? '123456789' : channel === 'email' ? 'name@example.com' : '+393331234567';
  return html`
    <${Dialog} title=${t('console.simulator.start')} onClose=${onClose}>
      <form
        onSubmit=${(/** @type {Event} */ event) => {
          event.preventDefault();
          onClose();
          go(link('simulator', { channel, address: address.trim() }), true);
        }}
      >
        <p class="hint">${t('console.simulator.startText')}</p>
        <label>
          ${t('console.log.channel')}
          <select value=${channel} onChange=${(/** @type {any} */ event) => setChannel(event.currentTarget.value)}>
            ${SIMULATED.map((one) => html`<option key=${one} value=${one}>${channelName(one)}</option>`)}
          </select>
        </label>
        <label>
          ${t('console.simulator.address')}
          <input name="address" required placeholder=${hint} value=${address} onInput=${(/** @type {any} */ event) => setAddress(event.currentTarget.value)} />
        </label>
        <div class="buttons">
          <button type="submit" class="main">${t('console.simulator.open')}</button>
          <button type="button" onClick=${onClose}>${t('console.cancel')}</button>
        </div>
      </form>
    <//>
  `;
}
