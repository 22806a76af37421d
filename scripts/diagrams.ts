import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MACHINES } from '../src/core/conversation.ts';
import { errorsPage } from './draw-errors.ts';
import { drawMachine } from './draw-machine.ts';

/** Writes what docs/ shows of the code: a picture of every conversation machine, and the table of errors. Tests say when they are out of date. */
const folder = new URL('../docs/machines/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const name of MACHINES) {
  writeFileSync(new URL(`${name}.md`, folder), drawMachine(name));
  console.log(fileURLToPath(new URL(`${name}.md`, folder)));
}
const errors = new URL('../docs/errors.md', import.meta.url);
writeFileSync(errors, errorsPage());
console.log(fileURLToPath(errors));
