import type { Author, PutResult, Stamped } from './author.ts';
import type { Page, PageRequest } from './page.ts';

export interface ServiceBody {
  readonly name: string;
  readonly synonyms: readonly string[];
  readonly group?: string;
  readonly durationMinutes: number;
  /** Minor units of the branch's currency. */
  readonly price?: number;
  readonly tariff?: string;
  readonly recommendationsBefore?: string;
  readonly recommendationsAfter?: string;
  /** ISO 8601 duration such as `P6M`. */
  readonly recallAfter?: string;
  readonly memo: boolean;
}

export interface Service extends ServiceBody, Stamped {}

export interface ServiceStore {
  put(id: string, body: ServiceBody, at: Date, by: Author): Promise<PutResult<Service>>;
  get(id: string): Promise<Service | null>;
  getMany(ids: readonly string[]): Promise<readonly Service[]>;
  list(page: PageRequest): Promise<Page<Service>>;
  /** True when some service has no text in that field (the card's `noServiceTexts`). */
  someLack(field: 'recommendationsBefore' | 'recommendationsAfter'): Promise<boolean>;
}
