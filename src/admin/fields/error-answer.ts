import Joi from 'joi';
import { ERROR_CODES, type ErrorCode } from '../../core/errors.ts';

const errorAnswer = Joi.object({
  statusCode: Joi.number().integer(),
  error: Joi.string(),
  message: Joi.string(),
  code: Joi.string(),
  details: Joi.any(),
}).label('Error');

/** The documentation of the errors that a route answers with, one entry a status. */
export function errorResponses(codes: readonly ErrorCode[]): Record<number, object> {
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const { status, meaning } = ERROR_CODES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `\`${code}\`: ${meaning}`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, meanings]) => [status, { description: meanings.join('; '), schema: errorAnswer }]),
  );
}
