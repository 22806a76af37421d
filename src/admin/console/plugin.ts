import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin, ResponseToolkit, Server } from '@hapi/hapi';
import inert from '@hapi/inert';
import { AppError } from '../../core/errors.ts';
import { LOCALES, type Locale, parseLocale } from '../../core/locale.ts';
import { consoleDocument } from './document.ts';
import { findLibraries, importMap } from './libraries.ts';

/** `words`: the dictionary of each locale as `loadDictionaries` gives it; its part `console` is the page's. */
export interface ConsoleOptions {
  readonly demo: boolean;
  readonly words: Readonly<Record<Locale, Readonly<Record<string, unknown>>>>;
}

/** What the page says where scripts are off; all other words are fetched by its scripts. */
const WITHOUT_SCRIPTS = 'console.withoutScripts';
const pageFolder = fileURLToPath(new URL('page', import.meta.url));
const styleFolder = fileURLToPath(new URL('style', import.meta.url));

/** The console page at `/` and all that it loads, under `/console`. It needs no token: the page asks for one and calls the API with it. */
export function createConsolePlugin({ demo, words }: ConsoleOptions): Plugin<void> {
  return {
    name: 'console',
    register: async (server: Server) => {
      await server.register({ plugin: inert }, { once: true });
      const libraries = findLibraries();
      const { html, policy } = consoleDocument({
        demo,
        importMap: importMap(libraries),
        modules: filesIn(pageFolder, '.js').map((file) => `/console/page/${file}`),
        styles: filesIn(styleFolder, '.css').map((file) => `/console/style/${file}`),
        start: '/console/page/main.js',
        withoutScripts: LOCALES.map((locale) => ({ locale, text: withoutScripts(words[locale]) })),
      });
      const options = { auth: false as const };

      server.route({
        method: 'GET',
        path: '/',
        options,
        handler: (_request, h) => guarded(h, html).type('text/html').header('content-security-policy', policy),
      });
      server.route({
        method: 'GET',
        path: '/console/locales/{locale}.json',
        options,
        handler: (request, h) => {
          const locale = parseLocale(String(request.params['locale']));
          if (locale === null) throw new AppError('notFound', 'The page does not speak that language.');
          return guarded(h, JSON.stringify({ console: words[locale]['console'] })).type('application/json');
        },
      });
      const folders = [
        { url: '/console/page', folder: pageFolder },
        { url: '/console/style', folder: styleFolder },
        ...libraries,
      ];
      for (const { url, folder } of folders) {
        server.route({
          method: 'GET',
          path: `${url}/{file*}`,
          options: { ...options, cache: { otherwise: 'no-cache' } },
          handler: { directory: { path: folder, index: false, etagMethod: 'hash' } },
        });
      }
      server.route({
        method: 'GET',
        path: '/console/icon.svg',
        options,
        handler: { file: { path: join(styleFolder, 'icon.svg'), confine: false } },
      });
    },
  };
}

function guarded(h: ResponseToolkit, body: string) {
  return h
    .response(body)
    .header('cache-control', 'no-cache')
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer');
}

function filesIn(folder: string, extension: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(extension))
    .sort();
}

function withoutScripts(words: Readonly<Record<string, unknown>>): string {
  const found = WITHOUT_SCRIPTS.split('.').reduce<unknown>(
    (at, part) => (at as Readonly<Record<string, unknown>> | undefined)?.[part],
    words,
  );
  if (typeof found !== 'string') throw new Error(`no words for ${WITHOUT_SCRIPTS}`);
  return found;
}
