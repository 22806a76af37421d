import { randomInt } from 'node:crypto';
import { MongoError } from '../errors.ts';
import { type MISS, type Source } from '../read/source.ts';
import type { Collection } from '../storage/collection.ts';
import type { Store } from '../storage/store.ts';

const IDLE_MS = 10 * 60_000;

/** The rest of an answer, on the server's side. Its documents are BSON already. */
export class Cursor implements Source<Uint8Array> {
  readonly namespace: string;
  readonly #source: Source<Uint8Array>;
  readonly #collection: Collection | undefined;
  readonly neverExpires: boolean;
  usedAt = 0;
  #heldBack: Uint8Array | undefined;

  constructor(
    namespace: string,
    source: Source<Uint8Array>,
    options: { readonly collection?: Collection | undefined; readonly neverExpires?: boolean } = {},
  ) {
    this.namespace = namespace;
    this.#source = source;
    this.#collection = options.collection;
    this.neverExpires = options.neverExpires === true;
  }

  step(): Uint8Array | typeof MISS | undefined {
    const held = this.#heldBack;
    if (!held) return this.#source.step();
    this.#heldBack = undefined;
    return held;
  }

  /** Keeps a document that did not fit for the next batch. */
  holdBack(bytes: Uint8Array): void {
    this.#heldBack = bytes;
  }

  /** Throws when the collection was dropped meanwhile. */
  checkAlive({ catalog }: Store): void {
    const collection = this.#collection;
    if (collection && catalog.get(collection.namespace)?.id !== collection.id)
      throw new MongoError(175, `collection dropped. UUID of ${collection.namespace}`);
  }
}

/** The cursors that clients have open, by number. One that is not used for ten minutes ends. */
export class CursorTable {
  readonly #cursors = new Map<number, Cursor>();

  get size(): number {
    return this.#cursors.size;
  }

  add(cursor: Cursor, now: number): number {
    let id = 0;
    while (id === 0 || this.#cursors.has(id)) id = randomInt(1, 2 ** 47);
    cursor.usedAt = now;
    this.#cursors.set(id, cursor);
    return id;
  }

  get(id: number): Cursor | undefined {
    return this.#cursors.get(id);
  }

  /** Ends a cursor; false when there is none. */
  end(id: number): boolean {
    return this.#cursors.delete(id);
  }

  endIdle(now: number): void {
    for (const [id, { usedAt, neverExpires }] of this.#cursors)
      if (!neverExpires && now - usedAt > IDLE_MS) this.#cursors.delete(id);
  }
}
