import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';

/** A browser library that the service serves out of its npm package. */
export interface Library {
  /** The name by which the page imports it. */
  readonly specifier: string;
  /** Where its folder is served, without a slash at the end. */
  readonly url: string;
  /** The folder on disk; only what lies in it is served. */
  readonly folder: string;
  /** The ES module in that folder. */
  readonly file: string;
}

/** `instead`: Node is led to a CommonJS build; the browser takes the ES module that lies beside it. */
const WANTED: readonly { specifier: string; from?: string; instead?: string }[] = [
  { specifier: 'preact' },
  { specifier: 'preact/hooks' },
  { specifier: 'htm', instead: 'htm.module.js' },
  { specifier: 'htm/preact', instead: 'index.module.js' },
  { specifier: 'uqr', instead: 'index.mjs' },
  { specifier: 'chart.js', instead: 'chart.js' },
  { specifier: '@kurkle/color', from: 'chart.js', instead: 'color.esm.js' },
];

/** Finds the libraries of the page where npm has put them; throws at start when one is not installed. */
export function findLibraries(): readonly Library[] {
  const here = createRequire(import.meta.url);
  return WANTED.map(({ specifier, from, instead }) => {
    const found = (from === undefined ? here : createRequire(here.resolve(from))).resolve(specifier);
    return {
      specifier,
      url: `/console/vendor/${specifier}`,
      folder: dirname(found),
      file: instead ?? basename(found),
    };
  });
}

/** The page's import map: so that its modules name libraries as Node code does. */
export function importMap(libraries: readonly Library[]): string {
  const imports = Object.fromEntries(libraries.map(({ specifier, url, file }) => [specifier, `${url}/${file}`]));
  return JSON.stringify({ imports });
}
