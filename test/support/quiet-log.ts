import type { Log, LogFields } from '../../src/core/log.ts';

interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields: LogFields | undefined;
}

/** A log that writes nothing and keeps its lines for the test to look at. */
export interface QuietLog extends Log {
  readonly lines: readonly LogLine[];
}

export function quietLog(): QuietLog {
  const lines: LogLine[] = [];
  const keep = (level: LogLine['level']) => (event: string, fields?: LogFields) => {
    lines.push({ level, event, fields });
  };
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
