import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runImport } from './admin/import/run-import.ts';
import { keepOwnerToken } from './admin/owner-token.ts';
import { type App, LOCALES_FOLDER, startApp } from './app.ts';
import { runTemplates } from './bots/whatsapp-cloud/templates/command.ts';
import { describeConfig, helpText, readConfig } from './config.ts';
import { createSentence, loadDictionaries } from './i18n.ts';
import { newToken, systemClock } from './system.ts';

const EXIT_CONFIG = 78;
const STOP_MS = 10_000;
const TERMINAL = {
  out: (line: string) => process.stdout.write(`${line}\n`),
  err: (line: string) => process.stderr.write(`${line}\n`),
};

/** Starts what the command line asks for. Configuration faults end with 78 and one message that names them all. */
async function main(args: readonly string[]): Promise<void> {
  if (args[0] !== 'import' && (args.includes('--help') || args.includes('-h'))) {
    process.stdout.write(`${helpText()}\n`);
    return;
  }
  const { config, problems } = readConfig(process.env, process.cwd(), existsSync, (dataDir) =>
    keepOwnerToken(dataDir, newToken),
  );
  if (config === null) {
    process.stderr.write(`The settings are not right:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\n`);
    process.exitCode = EXIT_CONFIG;
    return;
  }
  switch (args[0]) {
    case 'config':
      process.stdout.write(`${describeConfig(config)}\n`);
      return;
    case 'import':
      process.exitCode = await runImport(args.slice(1), config, TERMINAL, {
        openInProcess: () => startApp({ ...config, logLevel: 'warn' }, { serve: false }),
        clock: systemClock,
      });
      return;
    case 'templates':
      process.exitCode = await runTemplates(
        args.slice(1),
        config.channels.whatsappCloud,
        createSentence(loadDictionaries(LOCALES_FOLDER)),
        TERMINAL,
      );
      return;
    case undefined:
      if (!config.demo && process.env['ADMIN_TOKEN'] === undefined)
        process.stdout.write(`The owner’s token is in ${join(config.dataDir, 'admin-token')}\n`);
      watchSignals(
        await startApp(config, { crash: stages(process.env['CRASH_AT'], process.env['BLOCK_AT']), spool: true }),
      );
      return;
    default:
      process.stderr.write(`There is no command ${args[0]}.\n\n${helpText()}\n`);
      process.exitCode = EXIT_CONFIG;
  }
}

/** SIGTERM and SIGINT stop claiming, finish what is under way and end with 0; a second one, or 10 s, ends at once. */
function watchSignals(app: App): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), STOP_MS).unref();
    app.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/**
 * For tests: `CRASH_AT=claim:after#3` kills this process the third time it comes by that point; `BLOCK_AT=hold:after#1@10000`
 * has its event loop stand still there for 10 s.
 */
function stages(crashAt = '', blockAt = ''): ((point: string) => void) | undefined {
  const [blockPoint = '', ms] = blockAt.split('@');
  const stops = [
    atPoint(crashAt, () => process.kill(process.pid, 'SIGKILL')),
    atPoint(blockPoint, () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms))),
  ].filter((stop) => stop !== null);
  if (stops.length === 0) return undefined;
  return (point) => {
    for (const stop of stops) stop(point);
  };
}

/** Acts once, when the point of `spec` is come by for the n-th time; null without one. */
function atPoint(spec: string, act: () => unknown): ((point: string) => void) | null {
  if (spec === '') return null;
  const [name, count] = spec.split('#');
  let left = Number(count ?? '1');
  return (point) => {
    if (point !== name) return;
    left -= 1;
    if (left === 0) act();
  };
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`Zabota could not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
