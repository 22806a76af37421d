import Joi, { type NumberSchema } from 'joi';

const MOST = 1_000_000_000_000;

/** Money in minor units of a currency, a whole number. */
export function amount(least = 0): NumberSchema {
  return Joi.number().integer().min(least).max(MOST);
}

/** A whole percentage from 0 to 100. */
export function percent(): NumberSchema {
  return Joi.number().integer().min(0).max(100);
}
