import { html } from 'htm/preact';

/**
 * Tabs with the arrow keys, as the ARIA practices describe them; the panel is the caller's, with id `panel-<id>`.
 * @param {{ label: string, chosen: string, tabs: { id: string, name: string }[], onChoose: (id: string) => void }} props
 */
export function Tabs({ label, chosen, tabs, onChoose }) {
  const move = (/** @type {KeyboardEvent} */ event) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const at = tabs.findIndex((tab) => tab.id === chosen);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return html`
    <div class="tabs" role="tablist" aria-label=${label} onKeyDown=${move}>
      ${tabs.map(
        (tab) => html`
          <button
            key=${tab.id}
            type="button"
            role="tab"
            id="tab-${tab.id}"
            aria-selected=${tab.id === chosen ? 'true' : 'false'}
            aria-controls="panel-${tab.id}"
            tabindex=${tab.id === chosen ? 0 : -1}
            onClick=${() => onChoose(tab.id)}
          >
            ${tab.name}
          </button>
        `,
      )}
    </div>
  `;
}
