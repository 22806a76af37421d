/** Resolves when the condition holds; rejects with `what` after `withinMs` of real time. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { withinMs = 10_000, what = 'the condition' }: { withinMs?: number; what?: string } = {},
): Promise<void> {
  const endsAt = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > endsAt) throw new Error(`${what} did not come true within ${withinMs} ms`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
