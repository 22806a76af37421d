import { Double } from 'bson';
import { MongoError, messageOf } from '../errors.ts';
import { ChecksumError, DiskFullError, TransactionLostError } from '../storage/kv.ts';
import type { Doc } from '../values/value.ts';

const isSqlite = (error: unknown): boolean =>
  error instanceof Error && String((error as { code?: unknown }).code).includes('SQLITE');

/** Any error as the answer that the client gets. What is none of MongoDB's errors is an InternalError. */
export function asMongoError(error: unknown): MongoError {
  if (error instanceof MongoError) return error;
  const reason = error instanceof TransactionLostError ? error.cause : error;
  const message = messageOf(reason);
  if (reason instanceof ChecksumError) return new MongoError(361, message);
  if (reason instanceof DiskFullError) return new MongoError(14031, message);
  if (/malformed|not a database/.test(message)) return new MongoError(361, `the data file is damaged: ${message}`);
  return new MongoError(isSqlite(reason) ? 96 : 1, message);
}

/** The reply to a command that failed. */
export const failureReply = (error: MongoError): Doc => ({
  ok: new Double(0),
  errmsg: error.message,
  code: error.code,
  codeName: error.codeName,
  ...error.extra,
});
