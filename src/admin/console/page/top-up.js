import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useAction } from './action.js';
import { call } from './api.js';
import { Dialog } from './dialog.js';
import { minorUnits, money } from './format.js';
import { t } from './words.js';

/** Puts money on a branch's balance; a repeated press of one window is one top-up. @param {{ branch: import('./shapes.js').Branch, onClose: () => void }} props */
export function TopUp({ branch, onClose }) {
  const [key] = useState(() => crypto.getRandomValues(new Uint32Array(4)).join('-'));
  const [amount, setAmount] = useState('1000');
  const [add, busy] = useAction(async () => {
    const minor = Math.round(Number(amount.replace(',', '.')) * minorUnits(branch.currency));
    const path = `/branches/${encodeURIComponent(branch.id)}/balance/top-ups`;
    await call('POST', path, { amount: minor }, { 'idempotency-key': `${key}-${minor}` });
    onClose();
    return t('console.balance.added', { amount: money(minor, branch.currency), branch: branch.name });
  });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void add();
  };
  return html`
    <${Dialog} title=${t('console.balance.title', { branch: branch.name })} onClose=${onClose}>
      <form onSubmit=${submit}>
        <label>
          ${t('console.balance.amount', { currency: branch.currency })}
          <input
            name="amount"
            inputmode="decimal"
            required
            pattern="[0-9]+([.,][0-9]{1,2})?"
            value=${amount}
            onInput=${(/** @type {any} */ event) => setAmount(event.currentTarget.value)}
          />
        </label>
        <p class="hint">${t('console.balance.text')}</p>
        <div class="buttons">
          <button type="submit" class="main" aria-busy=${busy ? 'true' : 'false'}>${t('console.balance.topUp')}</button>
          <button type="button" onClick=${onClose}>${t('console.cancel')}</button>
        </div>
      </form>
    <//>
  `;
}
