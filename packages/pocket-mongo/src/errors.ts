import type { Doc } from './values/value.ts';

const NAMES: Readonly<Record<number, string>> = {
  1: 'InternalError',
  2: 'BadValue',
  4: 'NoSuchKey',
  8: 'UnknownError',
  9: 'FailedToParse',
  11: 'UserNotFound',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  16: 'InvalidLength',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  31: 'RoleNotFound',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  91: 'ShutdownInProgress',
  96: 'OperationFailed',
  112: 'WriteConflict',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  175: 'QueryPlanKilled',
  197: 'InvalidIndexSpecificationOption',
  238: 'NotImplemented',
  241: 'ConversionFailure',
  276: 'IndexBuildAborted',
  280: 'ChangeStreamFatalError',
  291: 'NoQueryExecutionPlans',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  361: 'DataCorruptionDetected',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  11601: 'Interrupted',
  14031: 'OutOfDiskSpace',
};

/** An answer of the server that says no. `code` is MongoDB's own number; `extra` is added to the reply as it is. */
export class MongoError extends Error {
  readonly code: number;
  readonly extra: Doc;

  constructor(code: number, message: string, extra: Doc = {}) {
    super(message);
    this.code = code;
    this.extra = extra;
  }

  get codeName(): string {
    return NAMES[this.code] ?? `Location${String(this.code)}`;
  }
}

/** The wrong value in a request (MongoDB's BadValue, code 2). */
export const badValue = (message: string): MongoError => new MongoError(2, message);

/** A request that cannot be read (MongoDB's FailedToParse, code 9). */
export const failedToParse = (message: string): MongoError => new MongoError(9, message);

/** A part of MongoDB that this server does not have (NotImplemented, code 238). */
export const notImplemented = (what: string): MongoError =>
  new MongoError(238, `${what} is not implemented by pocket-mongo`);

/** Stored bytes that fail their own check (DataCorruptionDetected, code 361). */
export const corrupted = (message: string): MongoError => new MongoError(361, message);

/** What whatever was thrown says, for a log or another error. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
