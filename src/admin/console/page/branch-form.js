import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useAction } from './action.js';
import { ApiError, call } from './api.js';
import { Dialog } from './dialog.js';
import { complain } from './notices.js';
import { without } from './without.js';
import { t } from './words.js';

/** What a PUT of a branch takes; the stored document has more. */
const BODY = [
  ...['name', 'nameInMessages', 'timezone', 'country', 'currency', 'locale', 'phone', 'town', 'address', 'website'],
  ...['notes', 'head', 'reviewSites', 'channels', 'consentRequired', 'bookingUrl', 'staffChat', 'senders'],
];

/** What scenarios need to know of a branch: its head, its booking page, its review sites. @param {{ branch: import('./shapes.js').Branch, onClose: () => void }} props */
export function BranchForm({ branch, onClose }) {
  const [head, setHead] = useState(/** @type {Record<string, string>} */ ({ ...branch.head }));
  const [bookingUrl, setBookingUrl] = useState(branch.bookingUrl ?? '');
  const [sites, setSites] = useState([...branch.reviewSites, { site: '', url: '' }]);
  const [flaws, setFlaws] = useState(/** @type {{ path: string, message: string }[]} */ ([]));
  const [save, busy] = useAction(
    async () => {
      setFlaws([]);
      const stored = await call('GET', `/branches/${encodeURIComponent(branch.id)}`);
      const kept = Object.fromEntries(Object.entries(stored).filter(([name]) => BODY.includes(name)));
      const filled = Object.fromEntries(Object.entries(head).filter(([, text]) => String(text).trim() !== ''));
      await call('PUT', `/branches/${encodeURIComponent(branch.id)}`, {
        ...without(kept, 'bookingUrl', 'head'),
        ...(Object.keys(filled).length > 0 && { head: filled }),
        ...(bookingUrl !== '' && { bookingUrl }),
        reviewSites: sites.filter(({ site, url }) => site !== '' || url !== ''),
      });
      onClose();
      return t('console.clinic.saved');
    },
    (error) => {
      if (error instanceof ApiError && Array.isArray(error.details)) setFlaws(error.details);
      else complain(error);
    },
  );
  const field = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ type) => html`
    <label>
      ${label}
      <input type=${type} name="head-${name}" value=${head[name] ?? ''} onInput=${(/** @type {any} */ event) => setHead({ ...head, [name]: event.currentTarget.value })} />
    </label>
  `;
  const setSite = (/** @type {number} */ at, /** @type {Record<string, string>} */ change) => {
    const next = sites.map((site, index) => (index === at ? { ...site, ...change } : site));
    setSites(next.at(-1)?.site === '' ? next : [...next, { site: '', url: '' }]);
  };
  return html`
    <${Dialog} title=${t('console.clinic.title', { branch: branch.name })} onClose=${onClose}>
      <form
        onSubmit=${(/** @type {Event} */ event) => {
          event.preventDefault();
          void save();
        }}
      >
        <fieldset>
          <legend>${t('console.clinic.head')}</legend>
          <p class="hint">${t('console.clinic.headHint')}</p>
          ${field('name', t('console.clinic.name'), 'text')} ${field('email', t('console.clinic.email'), 'email')}
          ${field('telegram', t('console.clinic.telegram'), 'text')}
        </fieldset>
        <label>
          ${t('console.clinic.bookingUrl')}
          <input type="url" name="bookingUrl" value=${bookingUrl} onInput=${(/** @type {any} */ event) => setBookingUrl(event.currentTarget.value.trim())} />
        </label>
        <fieldset>
          <legend>${t('console.clinic.sites')}</legend>
          ${sites.map(
            ({ site, url }, at) => html`
              <div class="pair" key=${at}>
                <input aria-label=${t('console.clinic.site', { number: at + 1 })} placeholder="google" value=${site} onInput=${(/** @type {any} */ event) => setSite(at, { site: event.currentTarget.value.trim() })} />
                <input type="url" aria-label=${t('console.clinic.siteUrl', { number: at + 1 })} placeholder="https://" value=${url} onInput=${(/** @type {any} */ event) => setSite(at, { url: event.currentTarget.value.trim() })} />
              </div>
            `,
          )}
        </fieldset>
        ${flaws.length > 0 && html`<ul class="flaw" role="alert">${flaws.map((flaw) => html`<li key=${flaw.path}>${flaw.path}: ${flaw.message}</li>`)}</ul>`}
        <div class="buttons">
          <button type="submit" class="main" aria-busy=${busy ? 'true' : 'false'}>${t('console.settings.save')}</button>
          <button type="button" onClick=${onClose}>${t('console.cancel')}</button>
        </div>
      </form>
    <//>
  `;
}
