import type { Author } from './author.ts';
import type { Page, PageRequest } from './page.ts';

export type ChangeKind = 'confirmed' | 'cancelled' | 'moved' | 'booked' | 'stopped' | 'started' | 'discount';

/** What chat or staff changed, for the clinic's system to fetch (spec: api.md, GET /changes). */
export interface Change {
  readonly id: string;
  readonly type: 'appointment' | 'patient';
  readonly key: string;
  readonly change: ChangeKind;
  readonly at: Date;
  readonly by: Author;
}

export interface ChangeStore {
  /** `unique` makes a repeat harmless: the same one is stored once. Ids grow in the order of storing. */
  add(change: Omit<Change, 'id'>, unique: string): Promise<void>;
  /** Oldest first, those behind the id `after`. */
  list(after: string | null, page: PageRequest): Promise<Page<Change>>;
}
