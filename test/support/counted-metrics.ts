import type { Metrics } from '../../src/core/metrics.ts';

/** Metrics that keep what was counted, as `name label label`. */
export interface CountedMetrics extends Metrics {
  readonly counted: readonly string[];
}

export function countedMetrics(): CountedMetrics {
  const counted: string[] = [];
  const count = (name: string) => (labels: Readonly<Record<string, string>>) => {
    counted.push([name, ...Object.values(labels)].join(' '));
  };
  return {
    counted,
    sent: count('sent'),
    skipped: count('skipped'),
    refused: count('refused'),
    unknown: count('unknown'),
    received: count('received'),
    reading: count('reading'),
    lateSeconds: () => undefined,
    http: () => undefined,
  };
}
