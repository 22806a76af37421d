import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'));
const sources = files.filter((file) => file.endsWith('.ts'));

describe('The house', () => {
  it('has five rooms, a hall and a handful of files beside them', () => {
    const allowed = [
      /^src\/(core|bots|conversations|scenarios|admin|models)\//,
      /^src\/(main|app|config|config-channels|system|log|i18n|metrics)\.ts$/,
    ];
    expect(files.filter((file) => !allowed.some((pattern) => pattern.test(file)))).toEqual([]);
  });

  it('names its files in kebab-case after what they export, never after a drawer', () => {
    const bad = sources.filter(
      (file) =>
        !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(basename(file)) ||
        /(^|\/)(utils?|helpers?|common|misc|types|index)(\/|\.ts$)/.test(file),
    );
    expect(bad).toEqual([]);
  });

  it('documents what its files export', () => {
    const bare = sources.flatMap((file) => {
      const lines = readFileSync(join(root, file), 'utf8').split('\n');
      return lines.flatMap((line, at) =>
        /^export (async )?function /.test(line) && !/\*\/$/.test(lines[at - 1] ?? '') ? [`${file}:${at + 1}`] : [],
      );
    });
    expect(bare).toEqual([]);
  });
});
