import { html } from 'htm/preact';
import { Icon } from './icon.js';
import { t } from './words.js';

/** A card's state: a word with a shape of its own, so that it does not hang on colour. @param {{ state: string }} props */
export function StateMark({ state }) {
  const [icon, words] = shown(state);
  return html`<p class="mark ${state}"><${Icon} name=${icon} />${words}</p>`;
}

/** @param {string} state */
function shown(state) {
  switch (state) {
    case 'working':
      return ['check', t('console.state.working')];
    case 'workingWithProblems':
      return ['alert', t('console.state.workingWithProblems')];
    case 'notWorking':
      return ['cross', t('console.state.notWorking')];
    default:
      return ['dash', t('console.state.off')];
  }
}
