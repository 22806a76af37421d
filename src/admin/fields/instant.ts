import Joi, { type AnySchema, type StringSchema } from 'joi';
import { DateTime, Duration } from 'luxon';

const SHAPE = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;
const FIRST_YEAR = 1900;
const LAST_YEAR = 2200;

/** Reads an ISO 8601 instant that says its offset, from 1900 to 2200; null for anything else, dates that do not exist included. */
export function parseInstant(value: string): Date | null {
  if (!SHAPE.test(value)) return null;
  const read = DateTime.fromISO(value, { setZone: true });
  if (!read.isValid || read.year < FIRST_YEAR || read.year > LAST_YEAR) return null;
  return read.toJSDate();
}

/** An instant of a body or query; handlers get a `Date`. */
export function instant(): AnySchema<Date> {
  return Joi.any<Date>()
    .custom(
      (value: unknown, helpers) =>
        (typeof value === 'string' ? parseInstant(value) : null) ??
        helpers.message({
          custom: 'must be an instant with an offset, such as 2026-12-01T09:00:00+03:00, from 1900 to 2200',
        }),
    )
    .example('2026-12-01T09:00:00+03:00');
}

/** A day `YYYY-MM-DD` that exists, from 1900 on. */
export function day(): StringSchema {
  return Joi.string()
    .custom((value: string, helpers) => {
      const read = /^\d{4}-\d{2}-\d{2}$/.test(value) ? DateTime.fromISO(value, { zone: 'utc' }) : null;
      if (read === null || !read.isValid || read.year < FIRST_YEAR || read.year > LAST_YEAR)
        return helpers.message({ custom: 'must be a day that exists, as YYYY-MM-DD' });
      return value;
    })
    .example('1985-03-04');
}

/** An ISO 8601 duration longer than nothing (or, said so, not shorter) and shorter than a hundred years, such as `P6M`. */
export function duration({ orZero = false } = {}): StringSchema {
  return Joi.string()
    .max(40)
    .custom((value: string, helpers) => {
      const read = Duration.fromISO(value);
      const years = read.isValid ? read.as('years') : -1;
      return (orZero ? years >= 0 : years > 0) && years <= 100
        ? value
        : helpers.message({ custom: 'must be an ISO 8601 duration, such as P6M' });
    })
    .example('P6M');
}
