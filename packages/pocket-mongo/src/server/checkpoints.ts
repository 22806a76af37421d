import { messageOf } from '../errors.ts';
import type { Kv } from '../storage/kv.ts';

/** After a checkpoint that found no room, or could not be made for another reason. */
const AFTER_FAILURE_MS = 1_000;

export interface CheckpointsDeps {
  readonly kv: Kv;
  /** What was moved is not safe: nobody may use the store any more. */
  stop(reason: string): void;
  /** Writes may go on. */
  released(): void;
  log(text: string): void;
}

/**
 * Moves SQLite's log into the data file between the turns. The disk is waited for without holding the event loop;
 * reads go on meanwhile and writes are held back, since a write would begin the log anew.
 */
export class Checkpoints {
  readonly #deps: CheckpointsDeps;
  #holdsWrites = false;
  #notBefore = 0;

  constructor(deps: CheckpointsDeps) {
    this.#deps = deps;
  }

  get holdsWrites(): boolean {
    return this.#holdsWrites;
  }

  /** To be asked, and `begin` called, only while no transaction is open. */
  get isDue(): boolean {
    return !this.#holdsWrites && performance.now() >= this.#notBefore && this.#deps.kv.wantsCheckpoint;
  }

  begin(): void {
    const { kv, log, stop, released } = this.#deps;
    if (this.#holdsWrites) return;
    try {
      kv.checkpoint();
    } catch (error) {
      this.#notBefore = performance.now() + AFTER_FAILURE_MS;
      log(`the log stays as it is for now: ${messageOf(error)}`);
      return;
    }
    this.#holdsWrites = true;
    kv.settle()
      .catch((error: unknown) => stop(`its data could not be made safe: ${messageOf(error)}`))
      .finally(() => {
        this.#holdsWrites = false;
        released();
      });
  }
}
