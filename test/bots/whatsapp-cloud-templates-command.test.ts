import { describe, expect, it } from '@jest/globals';
import { runTemplates } from '../../src/bots/whatsapp-cloud/templates/command.ts';
import { cloudBench } from '../support/cloud-bench.ts';
import { sentence } from '../support/sentence.ts';
import { openTestStores } from '../support/stores.ts';

const { stores } = await openTestStores();

describe('The command for templates', () => {
  const run = async (command: string) => {
    const bench = await cloudBench(stores);
    const lines: string[] = [];
    const output = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) };
    const again = (what = command) => {
      lines.length = 0;
      return runTemplates([what], bench.server.settings, sentence, output);
    };
    return { ...bench, lines, again };
  };

  it('submits what Meta does not have, and nothing twice', async () => {
    const { server, again, lines } = await run('submit');
    expect(await again()).toBe(0);
    expect(server.templates.all).toHaveLength(48);
    expect(lines.slice(0, 2)).toEqual([
      'TEMPLATE                               LANGUAGE  CATEGORY   STATUS',
      'zabota_details_text                    ru        UTILITY    submitted',
    ]);
    expect(await again()).toBe(0);
    expect(server.templates.all).toHaveLength(48);
    expect(lines[1]).toBe('zabota_details_text                    ru        UTILITY    PENDING');
  });

  it('shows the status of each, and which has other words than the locale', async () => {
    const { server, again, lines } = await run('status');
    await again();
    expect(lines[1]).toBe('zabota_details_text                    ru        UTILITY    not submitted');
    await again('submit');
    server.templates.approveAll();
    server.templates.edit(
      'zabota_details_text',
      'ru',
      'Здравствуйте! {{1}}, вы записаны на {{2}}, врач {{3}}, клиника {{4}}, ждём вас.',
    );
    await again();
    expect(lines[1]).toMatch(/ {4}APPROVED, other words than the locale has$/);
    expect(lines[2]).toMatch(/ {4}APPROVED$/);
  });

  it('says when Meta does not let it in, with exit code 1', async () => {
    const { server, again, lines } = await run('status');
    server.accept(false);
    expect(await again()).toBe(1);
    expect(lines).toEqual(['Meta did not list the templates: error 190']);
  });

  it('explains itself for any other word, with exit code 2', async () => {
    const { again, lines } = await run('delete');
    expect(await again()).toBe(2);
    expect(lines[0]).toContain('npm run templates -- status');
  });

  it('needs the Cloud API to be set up', async () => {
    const lines: string[] = [];
    const output = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) };
    expect(await runTemplates(['status'], null, sentence, output)).toBe(2);
    expect(lines[0]).toContain('WHATSAPP_CLOUD_TOKEN');
  });
});
