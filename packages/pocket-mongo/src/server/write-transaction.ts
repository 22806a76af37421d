import { MongoError } from '../errors.ts';
import { TransactionLostError } from '../storage/kv.ts';
import type { Store } from '../storage/store.ts';

/** The transaction that the writes of one turn share; each of them has a savepoint of its own. */
export class WriteTransaction {
  readonly #store: Store;
  #isOpen = false;
  #failure: string | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isUsable(): boolean {
    return this.#failure === undefined;
  }

  /** Throws once a commit has failed: nobody knows then what of it is on the disk. */
  checkUsable(): void {
    if (this.#failure === undefined) return;
    throw new MongoError(
      96,
      `the store has stopped until it is started again, because its last commit failed: ${this.#failure}`,
    );
  }

  /**
   * Runs one write. When it throws, what it wrote is undone and the catalog is as it was before. Throws
   * TransactionLostError when the writes before it are undone as well.
   */
  run<T>(work: () => T): T {
    const { kv, catalog } = this.#store;
    if (!this.#isOpen) {
      kv.begin();
      this.#isOpen = true;
    }
    const before = catalog.changes;
    try {
      return kv.savepoint(() => {
        const result = work();
        catalog.flush();
        return result;
      });
    } catch (error) {
      if (error instanceof TransactionLostError) this.#abandon();
      if (catalog.changes !== before || !(error instanceof MongoError)) catalog.load();
      throw error;
    }
  }

  commit(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#store.kv.commit();
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
      throw new MongoError(96, `the commit failed, the store has to be started again: ${this.#failure}`);
    }
  }

  #abandon(): void {
    this.#isOpen = false;
    try {
      this.#store.kv.rollback();
    } catch {
      // SQLite has done so already.
    }
  }
}
