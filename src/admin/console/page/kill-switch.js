import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useAction } from './action.js';
import { call } from './api.js';
import { useData } from './data.js';
import { Dialog } from './dialog.js';
import { Switch } from './switch.js';
import { t } from './words.js';

/** Stops every scenario message of the clinic; asked back before it is thrown, not before it is released. */
export function KillSwitch() {
  const { data } = useData('/kill-switch');
  const [asking, setAsking] = useState(false);
  const [set, busy] = useAction(async (/** @type {boolean} */ on) => {
    await call('PUT', '/kill-switch', { on });
    setAsking(false);
    return on ? t('console.kill.stopped') : t('console.kill.released');
  });
  const on = data?.on === true;
  return html`
    <div class="kill ${on ? 'on' : ''}">
      <span class="label" aria-hidden="true">${t('console.kill.short')}</span>
      <${Switch} on=${on} busy=${busy} danger label=${t('console.kill.name')} onToggle=${(/** @type {boolean} */ next) => (next ? setAsking(true) : set(false))} />
      ${
        asking &&
        html`
          <${Dialog} title=${t('console.kill.ask')} onClose=${() => setAsking(false)}>
            <p>${t('console.kill.text')}</p>
            <div class="buttons">
              <button type="button" class="main danger" onClick=${() => set(true)}>${t('console.kill.stop')}</button>
              <button type="button" onClick=${() => setAsking(false)}>${t('console.cancel')}</button>
            </div>
          <//>
        `
      }
    </div>
  `;
}
