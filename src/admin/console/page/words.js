const KEY = 'zabota.locale';

/** The languages of the page, each by its own name. */
export const LANGUAGES = [
  { locale: 'ru', name: 'Русский' },
  { locale: 'en', name: 'English' },
  { locale: 'it', name: 'Italiano' },
];

/** @type {Record<string, any>} */
let dictionary = {};
let locale = chosenLocale();

function chosenLocale() {
  const wanted = [localStorage.getItem(KEY) ?? '', ...navigator.languages].map((one) => one.slice(0, 2).toLowerCase());
  return wanted.find((one) => LANGUAGES.some((known) => known.locale === one)) ?? 'en';
}

/** The language that the page speaks now. */
export function currentLocale() {
  return locale;
}

/** Loads a language and remembers it; the page is drawn anew by the caller. @param {string} [wanted] */
export async function loadWords(wanted = locale) {
  const answer = await fetch(`/console/locales/${wanted}.json`);
  dictionary = await answer.json();
  if (wanted !== locale) localStorage.setItem(KEY, wanted);
  locale = wanted;
  document.documentElement.lang = wanted;
}

/**
 * Words for a key, with `{{name}}` filled in; `count` chooses the plural form. An unknown key shows itself.
 * @param {string} key @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const found = typeof values['count'] === 'number' ? plural(key, values['count']) : lookUp(key);
  if (typeof found !== 'string') return key;
  return found.replace(/\{\{(\w+)\}\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {string} key @param {number} count */
function plural(key, count) {
  const form = new Intl.PluralRules(locale).select(count);
  return lookUp(`${key}_${form}`) ?? lookUp(`${key}_other`) ?? lookUp(key);
}

/** @param {string} key @returns {any} */
function lookUp(key) {
  return key.split('.').reduce((at, part) => at?.[part], /** @type {any} */ (dictionary));
}
