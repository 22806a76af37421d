const SAMPLE_MS = 500;
const KEPT_MS = 60_000;

/** How long this process's event loop has made others wait. */
export interface LoopLag {
  /** The worst of the last minute in whole milliseconds, one that lasts right now included. */
  worstMs(): number;
  stop(): void;
}

/**
 * Measures how late a timer of half a second comes, by monotonic time. A figure to be shown, never a reason to be unready: while
 * the loop stands nothing is answered at all, and once it goes again there is nothing to spare this instance.
 */
export function createLoopLag(deps: {
  every: (ms: number, tick: () => void) => () => void;
  monotonicMs: () => number;
}): LoopLag {
  let lastMs = deps.monotonicMs();
  let samples: readonly { readonly atMs: number; readonly lateMs: number }[] = [];

  const lateNow = (nowMs: number): number => Math.max(0, nowMs - lastMs - SAMPLE_MS);
  const recent = (nowMs: number): typeof samples => samples.filter(({ atMs }) => nowMs - atMs <= KEPT_MS);

  const stop = deps.every(SAMPLE_MS, () => {
    const nowMs = deps.monotonicMs();
    samples = [...recent(nowMs), { atMs: nowMs, lateMs: lateNow(nowMs) }];
    lastMs = nowMs;
  });
  return {
    stop,
    worstMs() {
      const nowMs = deps.monotonicMs();
      return Math.round(Math.max(lateNow(nowMs), ...recent(nowMs).map(({ lateMs }) => lateMs)));
    },
  };
}
