import { type PlannedPut, plannedPut } from '../plan.ts';
import { conceptName } from './coding.ts';
import { elements, oneLine } from './element.ts';
import type { Entry } from './entry.ts';

const USUAL_MINUTES = 30;

/** HealthcareService → service. It has no length in FHIR: the one that most of the file's visits for it have, unless the clinic stored one. */
export function mapHealthcareService({ label, key, resource }: Entry, visitMinutes: readonly number[]): PlannedPut {
  const [type, specialty] = ['type', 'specialty'].map(
    (field) => elements(resource[field]).flatMap((each) => conceptName(each) ?? [])[0],
  );
  const name = oneLine(resource['name']) ?? type;
  return plannedPut({
    type: 'service',
    key,
    label,
    body: { ...(name !== undefined && { name }), ...(specialty !== undefined && { group: specialty }) },
    fallback: { durationMinutes: usualMinutes(visitMinutes) },
  });
}

/** The most frequent length of visits, the shorter of two; 30 minutes where there was none. */
export function usualMinutes(visitMinutes: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const minutes of visitMinutes) counts.set(minutes, (counts.get(minutes) ?? 0) + 1);
  return [...counts].toSorted(([a, many], [b, more]) => more - many || a - b)[0]?.[0] ?? USUAL_MINUTES;
}
