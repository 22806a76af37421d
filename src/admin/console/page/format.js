import { currentLocale } from './words.js';

/** Money as people read it. @param {number} minor @param {string | null | undefined} currency */
export function money(minor, currency) {
  if (!currency) return number(minor / 100);
  const format = new Intl.NumberFormat(currentLocale(), { style: 'currency', currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** Minor units in one unit of a currency. @param {string} currency */
export function minorUnits(currency) {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2);
}

/** @param {number} value */
export function number(value) {
  return new Intl.NumberFormat(currentLocale(), { maximumFractionDigits: 2 }).format(value);
}

/** A share of 0–1. @param {number} share */
export function percent(share) {
  return new Intl.NumberFormat(currentLocale(), { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** The zone in which instants without an offset of their own are shown: that of the branch on the page. */
let zone = 'UTC';

/** @param {string} timezone */
export function showIn(timezone) {
  zone = timezone;
}

/** Day and time on the wall of the place that the instant's own offset tells. @param {string} iso */
export function dayAndTime(iso) {
  return shown(iso, { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}

/** @param {string} iso */
export function fullDay(iso) {
  return shown(iso, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

/** @param {string} iso */
export function day(iso) {
  return shown(iso, { weekday: 'short', day: 'numeric', month: 'long' });
}

/** @param {string} iso */
export function time(iso) {
  return shown(iso, { hour: '2-digit', minute: '2-digit' });
}

/** @param {string} iso @param {Intl.DateTimeFormatOptions} options */
function shown(iso, options) {
  const plain = iso.endsWith('Z');
  const at = new Date(plain ? iso : `${iso.slice(0, 19)}Z`);
  if (Number.isNaN(at.getTime())) return iso;
  const timeZone = plain ? zone : 'UTC';
  const locale = currentLocale() === 'en' ? 'en-GB' : currentLocale();
  return new Intl.DateTimeFormat(locale, { ...options, timeZone, hourCycle: 'h23' }).format(at);
}
