import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '../../src/core/card.ts';
import { LOCALES } from '../../src/core/locale.ts';
import { REASONS } from '../../src/core/reason.ts';
import { loadDictionaries } from '../../src/i18n.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.test.ts') && file !== 'reasons.test.ts')
  .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
  .filter((line) => /^\s*(it|describe)(\.each\S*)?\(/.test(line))
  .join('\n');
const words = loadDictionaries(fileURLToPath(new URL('../../locales', import.meta.url)));

describe('Every reason code', () => {
  it.each(REASONS)('%s has a test named after it', (reason) => {
    expect(names).toMatch(new RegExp(`\\b${reason}\\b`));
  });

  it.each(LOCALES)('has words in %s on the page', (locale) => {
    const { reason } = words[locale]['console'] as { reason: Record<string, string> };
    expect(REASONS.filter((code) => !reason[code])).toEqual([]);
  });
});

describe('Every unmet precondition', () => {
  it.each(LOCALES)('has words in %s that tell how to mend it', (locale) => {
    const { problems } = words[locale]['scenarios'] as { problems: Record<string, string> };
    expect(PROBLEMS.filter((code) => !problems[code])).toEqual([]);
  });
});
