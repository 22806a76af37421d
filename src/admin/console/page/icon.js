import { html } from 'htm/preact';

/** Strokes on a grid of 16; drawn, not typed, so that they look the same with every font. @type {Record<string, string>} */
const strokes = {
  check: 'M2.5 8.5 6.5 12.5 13.5 4',
  checks: 'M1 8.5 4.5 12 10 4.5M7 11 8 12 14.5 4.5',
  cross: 'M4 4 12 12M12 4 4 12',
  dash: 'M3.5 8H12.5',
  alert: 'M8 2.5V9.5M8 12.6V13.4',
  question: 'M5 5.5A3 3 0 1 1 9 8.3C8.2 8.7 8 9.2 8 10M8 12.6V13.4',
  clock: 'M8 1.8A6.2 6.2 0 1 1 7.9 1.8M8 4.5V8L10.5 9.8',
  arrow: 'M2.5 8H13M9 4 13 8 9 12',
  reply: 'M6.5 3.5 2.5 7.5 6.5 11.5M2.5 7.5H9.5A4 4 0 0 1 13.5 11.5V13',
};

/** A small picture beside words; it says nothing by itself. @param {{ name: string }} props */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${strokes[name]} /></svg>`;
}
