import { Error as MongooseError, mongo } from 'mongoose';
import { AppError } from '../core/errors.ts';

const DUPLICATE_KEY = 11000;
const OUT_OF_DISK_SPACE = 14031;

/** True where a write was refused because its key is there already; the usual answer to a repeat. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY;
}

const unreachable = [
  mongo.MongoNetworkError,
  mongo.MongoServerSelectionError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongo.MongoClientClosedError,
  mongo.MongoOperationTimeoutError,
  mongo.MongoWriteConcernError,
];

/** The driver's errors as ours. Their messages may quote stored values, so only name and code go on. */
export function translated(error: unknown): unknown {
  if (error instanceof mongo.MongoError) {
    // Around whatever a bulk write met: the connection, too.
    const met: unknown = error instanceof mongo.MongoBulkWriteError ? error.errorResponse : error;
    const code: ErrorFacts = { name: error.name, code: error.code ?? null };
    if (error.code === OUT_OF_DISK_SPACE)
      return new AppError('notReady', 'The database has no room on its disk.', code);
    return unreachable.some((kind) => met instanceof kind) || error.hasErrorLabel('RetryableWriteError')
      ? new AppError('notReady', 'The database does not answer.', code)
      : new AppError('internal', 'The database refused an operation.', code);
  }
  if (error instanceof MongooseError.MongooseServerSelectionError) {
    return new AppError('notReady', 'The database does not answer.', { name: error.name });
  }
  if (error instanceof MongooseError) {
    return new AppError('internal', 'A document does not fit its schema.', { name: error.name });
  }
  return error;
}

type ErrorFacts = Readonly<Record<string, unknown>>;

/** The same store, whose methods fail with `AppError` (`notReady` while the database is away) and nothing else of the driver's. */
export function guarded<T extends object>(store: T): T {
  const methods = Object.entries(store) as [string, (...args: readonly unknown[]) => Promise<unknown>][];
  const safe = methods.map(([name, method]) => [
    name,
    async (...args: readonly unknown[]) => {
      try {
        return await method(...args);
      } catch (error) {
        throw translated(error);
      }
    },
  ]);
  return Object.fromEntries(safe) as T;
}
