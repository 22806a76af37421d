import { MongoError } from '../errors.ts';
import type { Doc } from '../values/value.ts';
import type { Work } from './command.ts';

/** MongoDB's limit of statements in one command. */
const MOST = 100_000;

/** The errors of refused statements, and the places of those. */
type Refusals = MongoError[] & { readonly at: readonly number[] };

/** How a failed statement is told. */
const writeError = (index: number, error: MongoError): Doc => ({
  index,
  code: error.code,
  errmsg: error.message,
  ...error.extra,
});

/**
 * Does the statements of a write command one after the other. A statement that is refused is listed; with `ordered`
 * it is the last. Anything else that goes wrong ends the command, and undoes what it wrote since it was last put aside.
 */
export function* writeList<T>(
  statements: readonly T[],
  ordered: boolean,
  write: (statement: T, index: number) => Work<void> | undefined,
): Work<Refusals> {
  if (statements.length === 0 || statements.length > MOST)
    throw new MongoError(
      16,
      `Write batch sizes must be between 1 and ${String(MOST)}. Got ${String(statements.length)} operations.`,
    );
  const errors: MongoError[] = [];
  const at: number[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      const work = write(statement, index);
      if (work) yield* work;
    } catch (error) {
      if (!(error instanceof MongoError) || error.code === 361) throw error;
      errors.push(error);
      at.push(index);
      if (ordered) break;
    }
    yield;
  }
  return Object.assign(errors, { at });
}

/** The `writeErrors` field of a reply, nothing when there were none. */
export function writeErrors(errors: Refusals): Doc {
  if (errors.length === 0) return {};
  return { writeErrors: errors.map((error, i) => writeError(errors.at[i] ?? 0, error)) };
}
