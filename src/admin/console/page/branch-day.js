/** The day that an instant falls on in a branch. @param {Date} at @param {string} timezone */
export function dayIn(at, timezone) {
  return new Intl.DateTimeFormat('sv', { timeZone: timezone, dateStyle: 'short' }).format(at);
}

/** The start of a day on a branch's wall, as an instant with its offset. @param {string} day `YYYY-MM-DD` @param {string} timezone */
export function startOfDay(day, timezone) {
  const noon = new Date(`${day}T12:00:00Z`);
  const parts = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' }).formatToParts(noon);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const offset = name === 'GMT' ? 'Z' : name.slice(3);
  return `${day}T00:00:00${offset}`;
}

/** Where a day ends, that is the start of the next. @param {string} day `YYYY-MM-DD` @param {string} timezone */
export function endOfDay(day, timezone) {
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return startOfDay(next.toISOString().slice(0, 10), timezone);
}
