import { conceptCodes } from './coding.ts';
import { type Element, element, elements, oneLine, text } from './element.ts';
import type { Entry, Target } from './entry.ts';
import { keyOf } from './identity.ts';
import type { Parties } from './parties.ts';
import type { ResourceIndex } from './resource-index.ts';

/** Participants that are only called by a name. */
export interface NamedOnly {
  /** Those that the file has a resource of that name for. */
  readonly parties: Parties;
  /** Whom the visit is with where nothing else says it: the one said to be a practitioner, else the only unknown name. */
  readonly perhapsDoctor: Target | null;
}

/** Performers of HL7's participation types. */
const PERFORMERS = ['ATND', 'PPRF', 'SPRF', 'CON', 'ADM', 'DIS'];
const PEOPLE = ['Practitioner', 'PractitionerRole'];

/** Reads `actor.display` where there is no reference that leads anywhere; a patient is never found by name. */
export function participantsByName(appointment: Entry, index: ResourceIndex): NamedOnly {
  const parties = { doctors: [] as Target[], places: [] as Target[], services: [] as Target[], patients: [] };
  const performers: Target[] = [];
  const unknown: Target[] = [];
  for (const participant of elements(appointment.resource['participant'])) {
    const actor = element(participant['actor']);
    const display = oneLine(actor['display']);
    if (display === undefined || index.resolve(actor, appointment) !== null) continue;
    const type = text(actor['type']);
    const known = (wanted: string): readonly Target[] => {
      const target = type === undefined || type === wanted ? index.named(wanted, display) : null;
      return target === null ? [] : [target];
    };
    const [doctors, places, services] = [known('Practitioner'), known('Location'), known('HealthcareService')];
    parties.doctors.push(...doctors);
    parties.places.push(...places);
    parties.services.push(...services);
    if (doctors.length + places.length + services.length > 0) continue;
    const target = { type: 'Practitioner', key: keyOf(`?${display}`), entry: null, display };
    if (PEOPLE.includes(type ?? '') || isPerformer(participant)) performers.push(target);
    else if (type === undefined) unknown.push(target);
  }
  const perhapsDoctor = performers[0] ?? (unknown.length === 1 ? unknown[0] : undefined) ?? null;
  return { parties, perhapsDoctor };
}

function isPerformer(participant: Element): boolean {
  return elements(participant['type']).some((type) => conceptCodes(type).some((code) => PERFORMERS.includes(code)));
}
