import Joi, { type StringSchema } from 'joi';
import { IANAZone } from 'luxon';
import { isCountry } from '../../core/phone.ts';

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const ZONE_NAME = /^[A-Z][A-Za-z0-9_+-]*(\/[A-Z][A-Za-z0-9_+-]*)*$/;

/** An IANA zone; bare offsets such as `+03:00` are none. */
export function zone(): StringSchema {
  return Joi.string()
    .custom((value: string, helpers) =>
      ZONE_NAME.test(value) && IANAZone.isValidZone(value)
        ? value
        : helpers.message({ custom: 'must be an IANA zone, such as Europe/Rome' }),
    )
    .example('Europe/Rome');
}

/** ISO 3166-1 alpha-2, upper case, with a numbering plan. */
export function country(): StringSchema {
  return Joi.string()
    .custom((value: string, helpers) =>
      /^[A-Z]{2}$/.test(value) && isCountry(value)
        ? value
        : helpers.message({ custom: 'must be a country of ISO 3166-1, two capital letters' }),
    )
    .example('IT');
}

/** ISO 4217. */
export function currency(): StringSchema {
  return Joi.string()
    .custom((value: string, helpers) =>
      CURRENCIES.has(value) ? value : helpers.message({ custom: 'must be a currency of ISO 4217, such as EUR' }),
    )
    .example('EUR');
}
