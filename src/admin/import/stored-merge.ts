import type { Element } from './fhir/element.ts';
import type { ClinicType, PlannedPut } from './plan.ts';

/** Fields that FHIR has no word for, or not always: they stay as the clinic stored them. */
const KEPT: Readonly<Record<ClinicType, readonly string[]>> = {
  branch: [
    ...['nameInMessages', 'timezone', 'country', 'currency', 'locale', 'notes', 'head', 'reviewSites', 'channels'],
    ...['consentRequired', 'bookingUrl', 'staffChat', 'senders', 'phone', 'website'],
  ],
  doctor: ['specialty', 'memo', 'phone', 'address', 'email', 'telegram'],
  service: [
    ...['synonyms', 'group', 'durationMinutes', 'price', 'tariff', 'recommendationsBefore', 'recommendationsAfter'],
    ...['recallAfter', 'memo'],
  ],
  patient: ['patronymic', 'locale', 'channel', 'consent', 'guardian', 'tags', 'discountPercent'],
  appointment: [
    ...['start', 'end', 'source', 'partner', 'incognito', 'phone', 'notes', 'group', 'recallAfter', 'discounts'],
    'bookedAt',
  ],
};

/** The collection of the HTTP contract that holds a type. */
export const COLLECTIONS: Readonly<Record<ClinicType, string>> = {
  branch: 'branches',
  doctor: 'doctors',
  service: 'services',
  patient: 'patients',
  appointment: 'appointments',
};

/** The whole body of an upsert: what the file says, over what the clinic stored and FHIR cannot say. A PUT replaces, so both belong in it. */
export function mergeStored({ type, body, fallback }: PlannedPut, stored: Element | null): Element {
  if (stored === null) return { ...fallback, ...body };
  const kept = KEPT[type].filter((field) => stored[field] !== undefined && stored[field] !== null);
  const merged = { ...fallback, ...Object.fromEntries(kept.map((field) => [field, stored[field]])), ...body };
  return type === 'doctor'
    ? { ...merged, branches: [...new Set([...strings(stored['branches']), ...strings(body['branches'])])] }
    : merged;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
