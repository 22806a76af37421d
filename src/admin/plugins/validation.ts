import type { RouteOptionsValidate } from '@hapi/hapi';
import Joi, { type ValidationError, type ValidationOptions } from 'joi';
import { AppError, type Flaw } from '../../core/errors.ts';

const MOST_FLAWS = 20;

/** How bodies are read: nothing is converted, unknown fields are refused, every flaw is told, no value is repeated. */
export const VALIDATION: ValidationOptions = {
  abortEarly: false,
  convert: false,
  allowUnknown: false,
  errors: { label: false, wrap: { label: false } },
  messages: {
    'string.pattern.base': 'is not of the expected form',
    'string.email': 'must be an e-mail address',
    'string.uri': 'must be an address of the web',
    'string.uriCustomScheme': 'must be an address of the web, http or https',
    'any.custom': 'is not valid',
  },
};

/** A joi failure as the API tells it: the path of each flaw (`whole` where it is about no field) and what is wrong, never the value. */
export function refusal(error: ValidationError, whole = 'body'): AppError {
  const flaws = error.details.slice(0, MOST_FLAWS).map(
    ({ path, message }): Flaw => ({
      path: path.map((part) => String(part).slice(0, 64)).join('.') || whole,
      message: message.replace(/^"[^"]*" /, '').trim(),
    }),
  );
  return new AppError('invalid', flaws.map(({ path, message }) => `${path}: ${message}`).join('; '), flaws);
}

/** hapi's part of it, for all routes. */
export const validate: RouteOptionsValidate = {
  options: VALIDATION,
  failAction: (_request, _h, error) => {
    if (Joi.isError(error)) throw refusal(error, sourceOf(error));
    throw error ?? new AppError('invalid', 'The request is not valid.');
  },
};

/** Which part of the request hapi was checking: `payload` is the body. */
function sourceOf(error: Error): string {
  const { output } = error as { output?: { payload?: { validation?: { source?: unknown } } } };
  const source = output?.payload?.validation?.source;
  return typeof source === 'string' && source !== 'payload' ? source : 'body';
}
