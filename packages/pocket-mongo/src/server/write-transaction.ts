import { MongoError, messageOf } from '../errors.ts';
import { DiskFullError, TransactionLostError } from '../storage/kv.ts';
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

  /** Throws once the store has stopped. */
  checkUsable(): void {
    if (this.#failure === undefined) return;
    throw new MongoError(96, `the store has stopped until it is started again, because ${this.#failure}`);
  }

  /** Refuses everything from now on, for this reason: nobody knows any more what is on the disk, or it is damaged. */
  stop(reason: string): void {
    this.#failure ??= reason;
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
      if (catalog.changes !== before || !(error instanceof MongoError)) this.#reload();
      throw error;
    }
  }

  /** After a disk without room the store goes on from its last commit; after any other failure it stops. */
  commit(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#store.kv.commit();
    } catch (error) {
      if (!(error instanceof DiskFullError)) {
        this.stop(`its last commit failed: ${messageOf(error)}`);
        throw new MongoError(96, `the commit failed, the store has to be started again: ${messageOf(error)}`);
      }
      this.#reload();
      throw error;
    }
  }

  #reload(): void {
    try {
      this.#store.catalog.load();
    } catch (error) {
      this.stop(`its catalog cannot be read: ${messageOf(error)}`);
      throw error;
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
