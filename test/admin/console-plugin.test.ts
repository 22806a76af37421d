import { fileURLToPath } from 'node:url';
import { server as createHapiServer, type Server } from '@hapi/hapi';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createConsolePlugin } from '../../src/admin/console/plugin.ts';
import { createErrorsPlugin } from '../../src/admin/plugins/errors.ts';
import { loadDictionaries } from '../../src/i18n.ts';
import { quietLog } from '../support/quiet-log.ts';

const words = loadDictionaries(fileURLToPath(new URL('../../locales', import.meta.url)));

async function serve(demo: boolean): Promise<Server> {
  const server = createHapiServer();
  await server.register([
    { plugin: createErrorsPlugin({ log: quietLog(), newId: () => 'id' }) },
    { plugin: createConsolePlugin({ demo, words }) },
  ]);
  return server;
}

let server: Server;
beforeAll(async () => {
  server = await serve(true);
});

describe('The console’s files', () => {
  it('are one HTML page whose policy allows the service itself and the import map, and nothing else', async () => {
    const page = await server.inject('/');
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = String(page.headers['content-security-policy']);
    expect(policy.replace(/'sha256-[A-Za-z0-9+/]{43}='/, 'HASH')).toBe(
      "default-src 'none'; script-src 'self' HASH; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(page.payload.match(/<script[^>]*>/g)).toEqual([
      '<script type="importmap">',
      '<script type="module" src="/console/page/main.js">',
    ]);
    expect(page.payload).not.toMatch(/style=|onclick=|https?:\/\//);
  });

  it('say whether the service is a demo', async () => {
    expect((await server.inject('/')).payload).toContain('<meta name="demo" content="true">');
    const real = await serve(false);
    expect((await real.inject('/')).payload).toContain('<meta name="demo" content="false">');
  });

  it('hold every library that the page imports', async () => {
    const { payload } = await server.inject('/');
    const map = JSON.parse(/<script type="importmap">(.*)<\/script>/.exec(payload)?.[1] ?? '{}') as {
      imports: Record<string, string>;
    };
    const names = ['preact', 'preact/hooks', 'htm', 'htm/preact', 'uqr', 'chart.js', '@kurkle/color'];
    expect(Object.keys(map.imports)).toEqual(names);
    for (const url of Object.values(map.imports)) {
      const { statusCode, headers, payload: code } = await server.inject(url);
      expect([url, statusCode, headers['content-type']]).toEqual([url, 200, 'text/javascript; charset=utf-8']);
      expect(code).toMatch(/export/);
    }
  });

  it('are asked for again by their tag, so that a browser keeps them and never shows old ones', async () => {
    const first = await server.inject('/console/page/main.js');
    expect(first.headers['cache-control']).toBe('no-cache');
    const tag = String(first.headers['etag']);
    const again = await server.inject({ url: '/console/page/main.js', headers: { 'if-none-match': tag } });
    expect([again.statusCode, again.payload]).toEqual([304, '']);
  });

  it('are those of the page’s own folders', async () => {
    const elsewhere = [
      '/console/page/%2e%2e/plugin.ts',
      '/console/vendor/preact/../package.json',
      '/console/vendor/mongoose/index.js',
      '/console/style/',
    ];
    for (const url of elsewhere) expect([url, (await server.inject(url)).statusCode >= 400]).toEqual([url, true]);
  });

  it('speak three languages, each with the words of the page alone', async () => {
    const titles = { ru: 'Сценарии', en: 'Scenarios', it: 'Scenari' };
    for (const [locale, title] of Object.entries(titles)) {
      const answer = await server.inject(`/console/locales/${locale}.json`);
      const dictionary = JSON.parse(answer.payload) as { console: { nav: { scenarios: string } } };
      expect([Object.keys(dictionary), dictionary.console.nav.scenarios]).toEqual([['console'], title]);
    }
    const unknown = await server.inject('/console/locales/xx.json');
    expect([unknown.statusCode, (JSON.parse(unknown.payload) as { code: string }).code]).toEqual([404, 'notFound']);
  });
});
