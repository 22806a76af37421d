import pino from 'pino';
import type { Log, LogLevel } from './core/log.ts';

/** JSON lines on stdout; fields that could carry a person are cut out wherever somebody passes them by mistake. */
export function createLog(level: LogLevel, name: string): Log {
  const logger = pino({
    name,
    level,
    redact: {
      paths: [
        'text',
        'phone',
        'phones',
        'to',
        'address',
        'token',
        'authorization',
        '*.text',
        '*.phone',
        '*.phones',
        '*.to',
        '*.address',
        '*.token',
        '*.authorization',
      ],
      remove: true,
    },
    serializers: { error: errorFields },
  });
  return {
    debug: (event, fields) => logger.debug({ event, ...fields }),
    info: (event, fields) => logger.info({ event, ...fields }),
    warn: (event, fields) => logger.warn({ event, ...fields }),
    error: (event, fields) => logger.error({ event, ...fields }),
  };
}

/** A foreign error's text may quote its input, so only its kind, code and stack places are kept. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return { kind: typeof error };
  const places = error.stack
    ?.split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 6)
    .map((line) => line.trim());
  const code = 'code' in error ? error.code : undefined;
  return { kind: error.name, code, places };
}
