import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MACHINES } from '../src/core/conversation.ts';
import { drawMachine } from './draw-machine.ts';

/** Writes a picture of every conversation machine to docs/machines; a test says when they are out of date. */
const folder = new URL('../docs/machines/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const name of MACHINES) {
  writeFileSync(new URL(`${name}.md`, folder), drawMachine(name));
  console.log(fileURLToPath(new URL(`${name}.md`, folder)));
}
