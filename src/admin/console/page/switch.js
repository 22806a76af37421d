import { html } from 'htm/preact';
import { t } from './words.js';

/**
 * An on-off switch that says its state in words too.
 * @param {{ on: boolean, label: string, busy?: boolean, danger?: boolean, onToggle: (on: boolean) => void }} props
 */
export function Switch({ on, label, busy = false, danger = false, onToggle }) {
  return html`
    <button
      type="button"
      role="switch"
      class="switch ${danger ? 'danger' : ''}"
      aria-checked=${on ? 'true' : 'false'}
      aria-label=${label}
      aria-busy=${busy ? 'true' : 'false'}
      onClick=${() => !busy && onToggle(!on)}
    >
      <span class="track" aria-hidden="true"><span class="knob"></span></span>
      <span class="word" aria-hidden="true">${on ? t('console.on') : t('console.off')}</span>
    </button>
  `;
}
