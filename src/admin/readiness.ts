import type { Readiness } from './dependencies.ts';

/** Names each part that does not work; ready when all do. Parts are asked afresh each time. The lag is told beside them. */
export function createReadiness(
  worstLagMs: () => number,
  parts: Readonly<Record<string, () => boolean | Promise<boolean>>>,
): () => Promise<Readiness> {
  return async () => {
    const reasons: string[] = [];
    for (const [name, works] of Object.entries(parts)) if (!(await works())) reasons.push(name);
    return { ready: reasons.length === 0, reasons, eventLoopLagMs: worstLagMs() };
  };
}
