const LIMITS_MS = [5, 10, 20, 50, 100] as const;

/** How long turns with writes in them held the event loop, from their first command to the end of their commit. */
export class TurnTimes {
  readonly #over = LIMITS_MS.map(() => 0);
  #total = 0;
  #longestMs = 0;

  add(ms: number): void {
    this.#total++;
    this.#longestMs = Math.max(this.#longestMs, ms);
    for (const [i, limit] of LIMITS_MS.entries()) if (ms > limit) this.#over[i] = (this.#over[i] ?? 0) + 1;
  }

  /** As `serverStatus` shows them. */
  toDoc(): Record<string, number> {
    const over = LIMITS_MS.map((limit, i) => [`over${String(limit)}Ms`, this.#over[i] ?? 0] as const);
    return { total: this.#total, ...Object.fromEntries(over), longestMs: Math.ceil(this.#longestMs) };
  }
}
