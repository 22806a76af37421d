import { html } from 'htm/preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.js';
import { t } from './words.js';

/**
 * A modal window; the browser keeps the focus in it and gives it back at the end, Esc closes. `wide` is a sheet at the side.
 * @param {{ title: string, onClose: () => void, children?: any, wide?: boolean, stay?: boolean }} props
 */
export function Dialog({ title, onClose, children, wide = false, stay = false }) {
  const ref = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const opener = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return html`
    <dialog
      ref=${ref}
      class=${wide ? 'sheet' : 'window'}
      aria-labelledby="dialog-title"
      onCancel=${(/** @type {Event} */ event) => {
        event.preventDefault();
        if (!stay) onClose();
      }}
      onClick=${(/** @type {Event} */ event) => {
        if (event.target === ref.current && !stay) onClose();
      }}
    >
      <div class="inside">
        <header>
          <h2 id="dialog-title" tabindex="-1">${title}</h2>
          ${!stay && html`<button type="button" class="quiet" aria-label=${t('console.close')} onClick=${onClose}><${Icon} name="cross" /></button>`}
        </header>
        ${children}
      </div>
    </dialog>
  `;
}
