import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Meant for a cramped cloud function: one process for all makes closing a page end the browser, the others hide what a page does wrong. */
const unwanted = ['--single-process', '--no-zygote', '--disable-web-security', '--allow-running-insecure-content'];

/** A headless Chromium: the one CHROMIUM names, else the one that npm installed. Close it after use. */
export async function openBrowser(): Promise<Browser> {
  const named = process.env['CHROMIUM'];
  if (named) return chromium.launch({ executablePath: named, args: ['--no-sandbox'] });
  const { executablePath, args, env } = await installedBrowser();
  const launch = (): Promise<Browser> =>
    chromium.launch({ executablePath, args, env: definedOnly({ ...process.env, ...env }) });
  // What a page shows is tested, not that a busy machine starts a browser at the first go.
  return launch().catch(launch);
}

/** The same Chromium as a program to be started by others, with what it needs around it. */
export async function browserProgram(): Promise<string> {
  const named = process.env['CHROMIUM'];
  if (named) return named;
  const { folder, executablePath, args, env } = await installedBrowser();
  const program = join(folder, 'run-chromium');
  const set = Object.entries(env).map(([name, value]) => `${name}='${value}' `);
  const own = args.filter((arg) => !arg.startsWith('--headless')).map((arg) => `'${arg}' `);
  const fresh = `${program}-${process.pid}`;
  await writeFile(fresh, `#!/bin/sh\n${set.join('')}exec '${executablePath}' ${own.join('')}"$@"\n`, { mode: 0o755 });
  await rename(fresh, program);
  return program;
}

async function installedBrowser() {
  const folder = await unpackedBrowser();
  const executablePath = join(folder, 'chromium');
  const offered = JSON.parse(await readFile(join(folder, 'args.json'), 'utf8')) as string[];
  const args = offered.filter((arg) => !unwanted.includes(arg));
  const libraries = (await run('ldd', [executablePath])).stdout.includes('not found')
    ? { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') }
    : {};
  return { folder, executablePath, args, env: { ...libraries, FONTCONFIG_FILE: join(folder, FONT_SETTINGS) } };
}

const FONT_SETTINGS = 'fonts-here.conf';

/** The package's own settings look for its fonts where a cloud function has them; without any font a form field ends the browser. */
function fontSettings(folder: string): string {
  const dirs = [join(folder, 'fonts'), '/usr/share/fonts'].map((dir) => `<dir>${dir}</dir>`).join('');
  const cache = `<cachedir>${join(folder, 'fonts-cache')}</cachedir>`;
  return `<?xml version="1.0"?><fontconfig>${dirs}${cache}</fontconfig>`;
}

/** Once per version of the package; test files that start together may both unpack, the last rename is left out. */
async function unpackedBrowser(): Promise<string> {
  const manifest = createRequire(import.meta.url)
    .resolve('@sparticuz/chromium')
    .replace(/build\/.*$/, 'package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const cache = join(root, 'node_modules', '.cache');
  const folder = join(cache, `chromium-${version}-fonts`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, 'chromium-'));
  const script = join(root, 'test', 'support', 'unpack-browser.mjs');
  const { stdout } = await run(process.execPath, [script], { cwd: root, env: { ...process.env, TMPDIR: fresh } });
  await writeFile(join(fresh, 'args.json'), stdout);
  // All is written before the folder has its name: whoever finds it finds it whole.
  await writeFile(join(fresh, FONT_SETTINGS), fontSettings(folder));
  try {
    await rename(fresh, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    await rm(fresh, { recursive: true });
  }
  return folder;
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
