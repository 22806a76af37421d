/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds that one piece of work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Does `count` pieces of work, `lanes` at a time, and gives how many that is a second. */
export async function ratePerSecond(
  count: number,
  lanes: number,
  work: (number: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  const ms = await timed(() => Promise.all(Array.from({ length: lanes }, lane)));
  return (count * 1_000) / ms;
}
