import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { drawMachine } from '../../scripts/draw-machine.ts';
import { MACHINES } from '../../src/core/conversation.ts';

describe('The pictures of the machines', () => {
  for (const name of MACHINES) {
    it(`show ${name} as it runs (else: npm run diagrams)`, () => {
      const file = new URL(`../../docs/machines/${name}.md`, import.meta.url);
      expect(readFileSync(file, 'utf8')).toBe(drawMachine(name));
    });
  }
});
