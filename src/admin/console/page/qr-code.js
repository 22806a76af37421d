import { html } from 'htm/preact';
import { encode } from 'uqr';

/** The light frame that a reader needs, in modules. */
const BORDER = 4;

/** The text as a picture for a phone's camera. @param {{ text: string, label: string }} props */
export function QrCode({ text, label }) {
  const { data, size } = encode(text, { border: BORDER });
  const dark = data.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : '')));
  return html`
    <svg class="qr" role="img" aria-label=${label} viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">
      <rect width=${size} height=${size} fill="#fff" />
      <path d=${dark.join('')} fill="#000" />
    </svg>
  `;
}
