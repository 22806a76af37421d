import { Catalog } from './catalog.ts';
import type { Kv } from './kv.ts';

/** The open store: storage, catalog, and a number that rises with every write, by which readers know stale reads. */
export class Store {
  readonly kv: Kv;
  readonly catalog: Catalog;

  constructor(kv: Kv) {
    this.kv = kv;
    this.catalog = new Catalog(kv);
  }

  get version(): number {
    return this.catalog.changes;
  }
}
