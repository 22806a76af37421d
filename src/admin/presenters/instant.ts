import { DateTime } from 'luxon';

/** An instant as the API shows it: in the branch's offset, in UTC with `Z` where there is no branch (spec: api.md). */
export function presentInstant(at: Date, zone: string | null): string {
  const shown = DateTime.fromJSDate(at, { zone: zone ?? 'utc' });
  return shown.toISO({ suppressMilliseconds: true }) ?? at.toISOString();
}
