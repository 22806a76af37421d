import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import { applyPlan } from './apply-plan.ts';
import { type ImportArguments, parseImportArguments } from './arguments.ts';
import { convertResources } from './fhir/convert.ts';
import { loadLines } from './load-lines.ts';
import { type ImportConfig, type InProcess, type OpenedService, openService } from './open-service.ts';
import { openSource, type SourceFile } from './source-file.ts';
import { createTally, type ImportOutput, type Tally } from './tally.ts';
import { IMPORT_USAGE } from './usage.ts';

export interface ImportDependencies {
  /** Opens the service in this process, without a port: `startApp(config, { serve: false })`. */
  readonly openInProcess: () => Promise<InProcess>;
  readonly clock: Clock;
}

type Loadable = Extract<SourceFile, { kind: 'lines' | 'fhir' }>;

const DONE = 0;
const SOME_BAD = 1;
const WRONG_USE = 2;

/** `npm run import -- FILE`: loads a file through the HTTP contract and resolves with the exit code, 0, 1 when something was bad, 2 for wrong use. */
export async function runImport(
  args: readonly string[],
  config: ImportConfig,
  output: ImportOutput,
  deps: ImportDependencies,
): Promise<number> {
  const parsed = parseImportArguments(args);
  if (parsed.kind === 'help') {
    output.out(IMPORT_USAGE);
    return DONE;
  }
  if (parsed.kind === 'wrong') {
    output.err(`${parsed.problem}\n\n${IMPORT_USAGE}`);
    return WRONG_USE;
  }
  const { file } = parsed.arguments;
  const source = await openSource(file);
  if (source.kind === 'missing') {
    output.err(`there is no file ${file} that can be read`);
    return WRONG_USE;
  }
  if (source.kind === 'refused') {
    output.err(`${file}: ${source.why}`);
    return SOME_BAD;
  }
  return loadSource(source, parsed.arguments, config, output, deps);
}

async function loadSource(
  source: Loadable,
  args: ImportArguments,
  config: ImportConfig,
  output: ImportOutput,
  deps: ImportDependencies,
): Promise<number> {
  const tally = createTally(output);
  let service: OpenedService | null = null;
  let code = DONE;
  try {
    service = await openService(config, deps.openInProcess);
    const missing = await load(source, args, service, tally, deps.clock);
    if (missing.length > 0) {
      output.err(`the file does not say it of every branch, so it needs ${missing.join(', ')}\n\n${IMPORT_USAGE}`);
      return WRONG_USE;
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    output.err(`${error.message}; what is loaded so far stays, and the file may be loaded again`);
    code = SOME_BAD;
  } finally {
    await service?.stop();
  }
  const { loaded, bad } = tally.counts;
  output.out(`loaded ${loaded}, bad ${bad}`);
  return bad > 0 ? SOME_BAD : code;
}

/** Returns the flags that are missing. */
async function load(
  source: Loadable,
  { flags, defaultBranch, loud }: ImportArguments,
  { call }: OpenedService,
  tally: Tally,
  clock: Clock,
): Promise<readonly string[]> {
  if (source.kind === 'fhir')
    return applyPlan(convertResources(source.contents, { flags, defaultBranch, now: clock.now() }), {
      call,
      tally,
      quiet: !loud,
    });
  await loadLines(source.bytes, { call, tally, quiet: !loud });
  return [];
}
