/** Who made the newest change of a document (spec: api.md, Clinic data). */
export type Author = 'clinic' | 'patient' | 'staff';

/** What every stored clinic document carries beside its body. */
export interface Stamped {
  readonly id: string;
  readonly changedAt: Date;
  readonly changedBy: Author;
}

/** The answer of an upsert: `created` makes it 201, else 200. */
export interface PutResult<T> {
  readonly document: T;
  readonly created: boolean;
  /** False when an older `changedAt` was set aside and nothing was changed. */
  readonly applied: boolean;
}
