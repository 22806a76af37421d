/** Every error code that leaves the service, with its HTTP status; `docs/errors.md` is held to this table by a test. */
export const ERROR_CODES = {
  invalid: {
    status: 400,
    retryable: false,
    meaning:
      'wrong in itself: shape, unknown field, enum, zone, phone, date, setting, placeholder or limit; details name the path',
  },
  unauthorized: { status: 401, retryable: false, meaning: 'no token, or a wrong one' },
  forbidden: { status: 403, retryable: false, meaning: 'the token may not do this' },
  notFound: { status: 404, retryable: false, meaning: 'no such path or document' },
  conflict: { status: 409, retryable: false, meaning: 'the state of the document does not allow this' },
  discountLocked: {
    status: 409,
    retryable: false,
    meaning: 'discountPercent cannot change while a birthday discount runs',
  },
  clockBackwards: { status: 409, retryable: false, meaning: 'the demo clock does not go back' },
  idempotencyMismatch: { status: 409, retryable: false, meaning: 'the Idempotency-Key was used with another body' },
  timeout: { status: 408, retryable: true, meaning: 'the body did not arrive in time' },
  tooLarge: { status: 413, retryable: false, meaning: 'the body is larger than allowed' },
  unsupportedMedia: {
    status: 415,
    retryable: false,
    meaning: 'the body is of another media type than the route takes',
  },
  unknownReference: { status: 422, retryable: false, meaning: 'a named document does not exist' },
  channelOff: {
    status: 422,
    retryable: false,
    meaning: 'the channel that this needs is not set up',
  },
  guardianChain: {
    status: 422,
    retryable: false,
    meaning: 'a guardian is written to directly, so a guardian cannot have a guardian',
  },
  preconditions: {
    status: 422,
    retryable: false,
    meaning: 'the scenario cannot be switched on yet; details name problems and fixes',
  },
  severalCurrencies: {
    status: 422,
    retryable: false,
    meaning: 'amounts of several currencies are not added up; name a branch',
  },
  tooManyRequests: {
    status: 429,
    retryable: true,
    meaning: 'too many failed attempts; Retry-After says when to try again',
  },
  internal: {
    status: 500,
    retryable: true,
    meaning: 'a fault of ours; it is in the log under the id that the answer names',
  },
  notReady: { status: 503, retryable: true, meaning: 'the database or the scheduler is not ready' },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** A single thing wrong with an input: a dotted path and words that hold no patient data. */
export interface Flaw {
  readonly path: string;
  readonly message: string;
}

export type ErrorDetails = readonly Flaw[] | Readonly<Record<string, unknown>>;

/** An expected refusal or an infrastructure fault, with a code of the table; `details` never hold a patient's words or number. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;

  constructor(code: ErrorCode, message: string, details?: ErrorDetails, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }
}

/** True for a fault of the infrastructure that goes by itself, such as a database that is away: the same call may be made again later. */
export function isPassing(error: unknown): boolean {
  return error instanceof AppError && error.code === 'notReady';
}

/** The usual 400: names one field. */
export function invalid(path: string, message: string): AppError {
  return new AppError('invalid', `${path}: ${message}`, [{ path, message }]);
}
