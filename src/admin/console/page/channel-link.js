import { html } from 'htm/preact';
import { useAction } from './action.js';
import { call } from './api.js';
import { useData } from './data.js';
import { QrCode } from './qr-code.js';
import { t } from './words.js';

/** Endings of the linked phone's session that only a person can mend. @type {Record<string, string>} */
const ENDINGS = {
  loggedOut: 'console.link.loggedOut',
  notLinked: 'console.link.notLinked',
  openedElsewhere: 'console.link.openedElsewhere',
  banned: 'console.link.banned',
  blocked: 'console.link.blocked',
};

/** Where WhatsApp by a linked phone waits for somebody: the code to scan or type in, or why it ended and the way back. */
export function ChannelLink() {
  /** @type {import('./shapes.js').ChannelRow | undefined} */
  const row = useData('/channels').data?.items?.find((/** @type {any} */ one) => one.channel === 'whatsapp');
  const [connect, busy] = useAction(async () => {
    await call('POST', '/channels/whatsapp/connect');
    return t('console.link.connecting');
  });
  const detail = row?.detail ?? '';
  const [, kind, code = ''] = /^(qr|code):(.+)$/.exec(detail) ?? [];
  const ending = row?.state === 'down' ? ENDINGS[detail] : undefined;
  if (kind === undefined && ending === undefined) return null;
  return html`
    <section class="link" aria-labelledby="link">
      ${kind === 'qr' && html`<${QrCode} text=${code} label=${t('console.link.picture')} />`}
      <div>
        <h2 id="link">${t('console.link.title')}</h2>
        ${kind === 'qr' && html`<p>${t('console.link.scan')}</p>`}
        ${kind === 'code' && html`<p>${t('console.link.type')}</p><p><strong class="code">${code}</strong></p>`}
        ${kind !== undefined && html`<p class="hint">${t('console.link.risk')}</p>`}
        ${
          ending !== undefined &&
          html`
            <p>${t(ending)}</p>
            <button type="button" class="main" disabled=${busy} onClick=${() => connect()}>${t('console.link.connect')}</button>
          `
        }
      </div>
    </section>
  `;
}
