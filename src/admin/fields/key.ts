import Joi, { type StringSchema } from 'joi';

/** The clinic system's own id: 1–64 characters of `A–Z a–z 0–9 . _ : -` (spec: api.md). */
export function key(): StringSchema {
  return Joi.string()
    .pattern(/^[A-Za-z0-9._:-]{1,64}$/)
    .messages({ 'string.pattern.base': 'must be 1 to 64 characters of A–Z a–z 0–9 . _ : -' });
}
