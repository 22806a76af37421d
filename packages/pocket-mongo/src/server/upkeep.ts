import type { Store } from '../storage/store.ts';
import type { CursorTable } from './cursor-table.ts';
import type { Executor } from './executor.ts';
import { expire } from './expire.ts';

const TICK_MS = 1_000;
const CURSORS_MS = 60_000;
const QUIET_MS = 800;

export interface UpkeepDeps {
  readonly store: Store;
  readonly cursors: CursorTable;
  readonly executor: Executor;
  readonly ttlIntervalMs: number;
}

/** What the server does by itself: expired documents, idle cursors, leftovers of dropped collections, the log. */
export class Upkeep {
  readonly #deps: UpkeepDeps;
  readonly #timers: NodeJS.Timeout[] = [];
  #checkpointed = -1;

  constructor(deps: UpkeepDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { cursors, ttlIntervalMs } = this.#deps;
    this.#timers.push(
      setInterval(() => this.#expire(), ttlIntervalMs),
      setInterval(() => cursors.endIdle(Date.now()), CURSORS_MS),
      setInterval(() => this.#whenQuiet(), TICK_MS),
    );
    for (const timer of this.#timers) timer.unref();
  }

  stop(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
  }

  #expire(): void {
    const { store, executor } = this.#deps;
    executor.maintain(() => {
      if (expire(store, new Date())) setImmediate(() => this.#expire());
    });
  }

  #whenQuiet(): void {
    const { store, executor } = this.#deps;
    if (Date.now() - executor.usedAt < QUIET_MS) return;
    if (store.catalog.hasAbandonedIndex) executor.maintain(() => store.catalog.dropAbandonedIndexes());
    else if (store.catalog.hasGarbage) executor.maintain(() => store.catalog.clearGarbage());
    else if (this.#checkpointed !== store.version) {
      this.#checkpointed = store.version;
      executor.checkpoint();
    }
  }
}
