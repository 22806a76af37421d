const LARGE = 1_000;
const QUIET_MS = 60_000;

/** Counts searches that no index helps, and warns of them where the collection is large. */
export class SlowScans {
  total = 0;
  readonly #warn: (text: string) => void;
  readonly #warnedAt = new Map<string, number>();

  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  add(namespace: string, documents: number, now: number): void {
    this.total++;
    if (documents < LARGE || now - (this.#warnedAt.get(namespace) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    this.#warnedAt.set(namespace, now);
    this.#warn(`no index helps a search in ${namespace}: all its ${String(documents)} documents are read`);
  }
}
