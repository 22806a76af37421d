import { conceptName } from './coding.ts';
import { type Element, element, elements, oneLine } from './element.ts';
import type { Entry, Target } from './entry.ts';

const NAMED = ['Location', 'Practitioner', 'HealthcareService'] as const;

/** Finds places, doctors and services by what they are called, whether in their resource or by a reference of some appointment. A name of two things finds neither. */
export function createNames({
  ofType,
  resolve,
}: {
  ofType(type: string): readonly Entry[];
  resolve(reference: Element, from: Entry): Target | null;
}): (type: string, name: string) => Target | null {
  const byName = new Map<string, Target | null>();
  const add = (name: string, target: Target): void => {
    const known = byName.get(`${target.type} ${name.toLowerCase()}`);
    const same = known === undefined || known?.key === target.key;
    byName.set(`${target.type} ${name.toLowerCase()}`, same ? (known ?? target) : null);
  };
  for (const type of NAMED)
    for (const entry of ofType(type))
      for (const name of namesOf(entry)) add(name, { type, key: entry.key, entry, display: undefined });
  for (const appointment of ofType('Appointment'))
    for (const participant of elements(appointment.resource['participant'])) {
      const target = resolve(element(participant['actor']), appointment);
      if (target?.display !== undefined) add(target.display, target);
    }
  return (type, name) => byName.get(`${type} ${name.toLowerCase()}`) ?? null;
}

function namesOf({ type, resource }: Entry): readonly string[] {
  const kinds = type === 'HealthcareService' ? elements(resource['type']).map(conceptName) : [];
  const persons = elements(resource['name']).map((name) => oneLine(name['text']));
  return [oneLine(resource['name']), ...kinds, ...persons].filter((name) => name !== undefined);
}
