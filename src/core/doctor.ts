import type { Author, PutResult, Stamped } from './author.ts';
import type { Page, PageRequest } from './page.ts';

export interface DoctorBody {
  readonly name: string;
  readonly branches: readonly string[];
  readonly specialty?: string;
  /** False: no communications about visits to this doctor. */
  readonly memo: boolean;
  readonly phone?: string;
  readonly address?: string;
  readonly email?: string;
  readonly telegram?: string;
}

export interface Doctor extends DoctorBody, Stamped {}

export interface DoctorStore {
  put(id: string, body: DoctorBody, at: Date, by: Author): Promise<PutResult<Doctor>>;
  get(id: string): Promise<Doctor | null>;
  getMany(ids: readonly string[]): Promise<readonly Doctor[]>;
  list(page: PageRequest): Promise<Page<Doctor>>;
}
