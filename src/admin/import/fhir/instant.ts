import { MINUTE_MS } from '../../../core/clock.ts';
import { parseInstant } from '../../fields/instant.ts';
import { text } from './element.ts';

/** The instant that a FHIR instant or dateTime with a time says; null without an offset, and for what does not exist. */
export function readInstant(value: unknown): Date | null {
  const words = text(value);
  return words === undefined ? null : parseInstant(words);
}

/** A dateTime as the contract wants it: a day alone counts from its beginning in UTC, a month or a year says nothing. */
export function instantText(value: unknown): string | undefined {
  const words = text(value);
  if (words === undefined || /^\d{4}(-\d{2})?$/.test(words)) return undefined;
  return /^\d{4}-\d{2}-\d{2}$/.test(words) ? `${words}T00:00:00Z` : words;
}

/** ISO 8601 in UTC, so many minutes later; undefined past the end of all dates. */
export function minutesAfter(at: Date, minutes: number): string | undefined {
  const later = new Date(at.getTime() + minutes * MINUTE_MS);
  return Number.isNaN(later.getTime()) ? undefined : later.toISOString();
}
