import Joi, { type StringSchema } from 'joi';

const CONTROLS = /\p{Cc}/u;
const LINE_BREAKERS = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** One line of words: trimmed, not empty, without control characters (they could break out of a header or a subject). */
export function line(max = 200): StringSchema {
  return Joi.string()
    .max(max)
    .custom((value: string, helpers) => {
      const text = value.trim();
      if (text === '') return helpers.error('string.empty');
      return LINE_BREAKERS.test(text) ? helpers.message({ custom: 'must be one line of plain text' }) : text;
    });
}

/** Words of several lines: trimmed, not empty. */
export function prose(max = 5000): StringSchema {
  return Joi.string()
    .max(max)
    .custom((value: string, helpers) => {
      const text = value.trim();
      if (text === '') return helpers.error('string.empty');
      return CONTROLS.test(text.replace(/[\t\n\r]/g, '')) ? helpers.message({ custom: 'must be plain text' }) : text;
    });
}

/** An e-mail address; any top-level domain. */
export function mailAddress(): StringSchema {
  return Joi.string().max(254).email({ tlds: false });
}

/** An address of the web, http or https only. */
export function webAddress(): StringSchema {
  return Joi.string()
    .max(2048)
    .uri({ scheme: ['http', 'https'] });
}
