/** One page of a list; `next` is the cursor of the following page, null at the end (spec: api.md, lists). */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** `limit` is 1–200. A cursor that this list did not give is refused with `AppError('invalid')` on path `cursor`. */
export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit: number;
}
