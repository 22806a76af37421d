import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { errorsPage } from '../scripts/draw-errors.ts';
import { helpText, VARIABLES } from '../src/config.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/ARCHITECTURE.md',
  'docs/decisions/README.md',
  'docs/faults.md',
  'packages/pocket-mongo/README.md',
];

describe('The documents', () => {
  it.each(PAGES)('%s links to files that are there', (page) => {
    const targets = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? '');
    const gone = targets.filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(gone).toEqual([]);
  });

  it.each(PAGES)('%s names npm scripts that are there', (page) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(page).matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('README shows every setting as the code has it', () => {
    const rows = VARIABLES.map(({ name, meaning, default: preset }) => `| \`${name}\` | ${meaning} | ${preset} |`);
    expect(rows.filter((row) => !read('README.md').includes(row))).toEqual([]);
  });

  it('the help names every setting', () => {
    expect(VARIABLES.filter(({ name }) => !helpText().includes(name))).toEqual([]);
  });

  it('docs/errors.md is the table of the code', () => {
    expect(read('docs/errors.md')).toBe(errorsPage());
  });

  it('docs/faults.md names tests that are there', () => {
    const gone: string[] = [];
    for (const [, file = '', names = ''] of read('docs/faults.md').matchAll(/`([^`]+\.test\.ts)`((?:,? ?"[^"]+")+)/g))
      for (const [, name = ''] of names.matchAll(/"([^"]+)"/g))
        if (!existsSync(join(root, 'test', file)) || !read(join('test', file)).includes(name))
          gone.push(`${file} ${name}`);
    expect(gone).toEqual([]);
  });
});
