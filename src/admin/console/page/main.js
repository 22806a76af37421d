import { html, render } from 'htm/preact';
import { App } from './app.js';
import { loadWords } from './words.js';

await loadWords();
const root = document.getElementById('app');
if (root !== null) render(html`<${App} />`, root);
